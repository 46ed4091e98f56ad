package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.ProxyProtocol;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code TrafficPolicy}. */
final class TrafficPolicyReader {

    private static final int ANY = Integer.MAX_VALUE;
    private static final int DEFAULT_RETRY_PERCENT = 20;
    private static final int DEFAULT_MIN_RETRIES = 3;

    private TrafficPolicyReader() {}

    static TrafficPolicySpec read(Field policy) {
        if (!policy.isPresent()) {
            return TrafficPolicySpec.EMPTY;
        }
        Map<Integer, TrafficPolicySpec.Blocks> byPort = new HashMap<>();
        for (Field item : policy.get("portLevelSettings").items()) {
            int port = item.get("port").get("number").integer(1, 65535, 0);
            if (port > 0) {
                byPort.putIfAbsent(port, blocks(item));
            } else if (!item.get("port").get("number").isPresent()) {
                item.get("port").get("number").reportMissing();
            }
        }
        policy.get("tunnel").unsupported("connections are not tunnelled through another proxy");
        return new TrafficPolicySpec(blocks(policy), byPort);
    }

    private static TrafficPolicySpec.Blocks blocks(Field policy) {
        return new TrafficPolicySpec.Blocks(
                LoadBalancerReader.read(policy.get("loadBalancer")),
                limits(policy.get("connectionPool"), policy.get("retryBudget")),
                outlier(policy),
                tls(policy.get("tls")),
                proxyProtocol(policy.get("proxyProtocol")));
    }

    private static @Nullable ProxyProtocol proxyProtocol(Field block) {
        return block.isPresent()
                ? block.get("version").constant(ProxyProtocol.class).orElse(ProxyProtocol.V1)
                : null;
    }

    private static ConnectionLimits.@Nullable RetryShare retryBudget(Field budget) {
        return budget.isPresent()
                ? new ConnectionLimits.RetryShare(
                        budget.get("percent").number(0, 100).orElse(DEFAULT_RETRY_PERCENT),
                        budget.get("minRetryConcurrency").integer(0, ANY, DEFAULT_MIN_RETRIES))
                : null;
    }

    private static @Nullable ConnectionLimits limits(Field pool, Field budget) {
        if (!pool.isPresent() && !budget.isPresent()) {
            return null;
        }
        ConnectionLimits unlimited = ConnectionLimits.DEFAULT;
        Field tcp = pool.get("tcp");
        Field http = pool.get("http");
        tcp.get("tcpKeepalive").accept();
        http.unsupported(
                "the protocol is negotiated by ALPN or declared by the port",
                "h2UpgradePolicy",
                "useClientProtocol",
                "maxConcurrentStreams");
        http.get("http2KeepAlive").unsupported("HTTP/2 connections are not pinged");
        Duration idle =
                http.get("idleTimeout")
                        .duration()
                        .or(() -> tcp.get("idleTimeout").duration())
                        .orElse(unlimited.idleTimeout());
        tcp.get("idleTimeout").accept();
        return new ConnectionLimits(
                tcp.get("maxConnections").integer(1, ANY, unlimited.maxConnections()),
                http.get("http1MaxPendingRequests").integer(1, ANY, unlimited.maxPendingRequests()),
                http.get("http2MaxRequests").integer(1, ANY, unlimited.maxRequests()),
                http.get("maxRetries").integer(0, ANY, unlimited.maxRetries()),
                http.get("maxRequestsPerConnection").integer(0, ANY, 0),
                tcp.get("connectTimeout").duration().orElse(unlimited.connectTimeout()),
                idle,
                tcp.get("maxConnectionDuration").duration().orElse(null),
                retryBudget(budget));
    }

    private static @Nullable OutlierDetection outlier(Field policy) {
        Field block = policy.get("outlierDetection");
        Field old = policy.get("circuitBreaker");
        if (old.isPresent() && block.isPresent()) {
            old.accept();
            old.error(
                    Code.CONTRADICTION,
                    "circuitBreaker is the old spelling of outlierDetection, which is there too",
                    "remove circuitBreaker");
        } else if (old.isPresent()) {
            OutlierDetection read = outlierBlock(old);
            old.warn(
                    Code.LEGACY_FIELD,
                    "is no field of today's DestinationRule; read as outlierDetection:"
                            + " consecutive5xxErrors "
                            + read.consecutive5xx()
                            + ", interval "
                            + seconds(read.interval())
                            + ", baseEjectionTime "
                            + seconds(read.baseEjection())
                            + ", maxEjectionPercent "
                            + read.maxEjectionPercent(),
                    "rename it to outlierDetection and consecutiveErrors to consecutive5xxErrors");
            return read;
        }
        return block.isPresent() ? outlierBlock(block) : null;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + "s"
                : duration.toMillis() + "ms";
    }

    private static OutlierDetection outlierBlock(Field block) {
        int errors = block.get("consecutive5xxErrors").integer(0, ANY, 5);
        Field old = block.get("consecutiveErrors");
        if (old.isPresent()) {
            errors = old.integer(0, ANY, 5);
            if (!block.path().endsWith("circuitBreaker")) {
                old.warn(
                        Code.LEGACY_FIELD,
                        "read as consecutive5xxErrors: " + errors,
                        "rename it to consecutive5xxErrors");
            }
        }
        block.unsupported(
                "local failures count as 5xx",
                "splitExternalLocalOriginErrors",
                "consecutiveLocalOriginFailures");
        return new OutlierDetection(
                errors,
                block.get("consecutiveGatewayErrors").integer(0, ANY, 0),
                block.get("interval").duration().orElse(Duration.ofSeconds(10)),
                block.get("baseEjectionTime").duration().orElse(Duration.ofSeconds(30)),
                block.get("maxEjectionPercent").integer(0, 100, 10),
                block.get("minHealthPercent").integer(0, 100, 0),
                block.origin());
    }

    private static @Nullable TlsSpec tls(Field tls) {
        if (!tls.isPresent()) {
            return null;
        }
        tls.unsupported(
                "files on the sidecar's disk are not read: use credentialName",
                "clientCertificate",
                "privateKey",
                "caCertificates",
                "caCrl");
        TlsSpec.Mode mode =
                tls.get("mode").constant(TlsSpec.Mode.class).orElse(TlsSpec.Mode.DISABLE);
        return new TlsSpec(
                mode,
                tls.get("sni").text().orElse(null),
                tls.get("subjectAltNames").textItems(),
                tls.get("credentialName").text(""),
                tls.get("insecureSkipVerify").bool(false));
    }
}
