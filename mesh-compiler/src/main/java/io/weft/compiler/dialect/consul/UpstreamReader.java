package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.OutlierDetection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code upstreamConfig} of ServiceDefaults: how a service connects to others. */
final class UpstreamReader {

    /** Consul's defaults differ from the mesh's in the time to connect only. */
    static final ConnectionLimits LIMITS =
            withConnectTimeout(ConnectionLimits.DEFAULT, Duration.ofSeconds(5));

    private static final int ANY = Integer.MAX_VALUE;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration EJECTION = Duration.ofSeconds(30);
    private static final int FAILURES = 5;

    /** How a service connects to an upstream. */
    record Upstream(ConnectionLimits limits, @Nullable OutlierDetection outlier, Origin origin) {}

    private UpstreamReader() {}

    static ConnectionLimits withConnectTimeout(ConnectionLimits limits, Duration timeout) {
        return new ConnectionLimits(
                limits.maxConnections(),
                limits.maxPendingRequests(),
                limits.maxRequests(),
                limits.maxRetries(),
                limits.maxRequestsPerConnection(),
                timeout,
                limits.idleTimeout(),
                limits.maxConnectionAge());
    }

    /**
     * What tells that nobody of a service answers, where another takes over for it: Envoy's
     * defaults, but all of its endpoints may be out.
     */
    static OutlierDetection watchingForFailover(Origin origin) {
        return new OutlierDetection(FAILURES, 0, INTERVAL, EJECTION, 100, 0, origin);
    }

    static Upstream read(Field field) {
        Names.refusePartition(field);
        if (!field.get("protocol").text("").isEmpty()) {
            field.get("protocol")
                    .info(
                            Code.UNDERSTOOD,
                            "an upstream's protocol is the one its own ServiceDefaults or its port"
                                    + " declares");
        }
        Field limits = field.get("limits");
        Duration connect = Duration.ofMillis(field.get("connectTimeoutMs").integer(1, ANY, 5000));
        field.get("meshGateway").unsupported("sidecars call each other directly");
        field.get("balanceOutboundConnections")
                .unsupported("one event loop serves a connection, there is nothing to balance");
        field.unsupported(
                "there is no Envoy to configure", "envoyListenerJSON", "envoyClusterJSON");
        return new Upstream(
                new ConnectionLimits(
                        limits.get("maxConnections").integer(0, ANY, ANY),
                        limits.get("maxPendingRequests").integer(0, ANY, ANY),
                        limits.get("maxConcurrentRequests").integer(0, ANY, ANY),
                        ANY,
                        0,
                        connect,
                        LIMITS.idleTimeout(),
                        null),
                outlier(field.get("passiveHealthCheck")),
                field.origin());
    }

    private static @Nullable OutlierDetection outlier(Field check) {
        if (!check.isPresent()) {
            return null;
        }
        int enforcing = check.get("enforcingConsecutive5xx").integer(0, 100, 100);
        if (enforcing > 0 && enforcing < 100) {
            check.get("enforcingConsecutive5xx")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            enforcing + " % is read as 100 %: failures eject always or never",
                            "write 100 or 0");
        }
        return new OutlierDetection(
                enforcing == 0 ? 0 : check.get("maxFailures").integer(0, ANY, FAILURES),
                0,
                check.get("interval").duration().orElse(INTERVAL),
                check.get("baseEjectionTime").duration().orElse(EJECTION),
                check.get("maxEjectionPercent").integer(0, 100, 10),
                0,
                check.origin());
    }
}
