package io.weft.compiler.dialect.consul;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.OutlierDetection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All ServiceDefaults: a service's protocol, and how it calls others. Immutable once made. */
final class ServiceDefaults {

    /** Consul's defaults differ from the mesh's in the time to connect only. */
    static final ConnectionLimits LIMITS =
            withConnectTimeout(ConnectionLimits.DEFAULT, Duration.ofSeconds(5));

    private static final Set<String> PROTOCOLS = Set.of("tcp", "http", "http2", "grpc");
    private static final int ANY = Integer.MAX_VALUE;

    /** How a service connects to an upstream. */
    record Upstream(ConnectionLimits limits, @Nullable OutlierDetection outlier, Origin origin) {}

    private record Entry(
            @Nullable String protocol,
            @Nullable Upstream upstreams,
            Map<String, Upstream> byUpstream) {}

    private final Map<String, Entry> byHost = new HashMap<>();

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

    void add(Field root) {
        Field spec = root.get("spec");
        Field protocol = spec.get("protocol");
        String name = protocol.text().orElse(null);
        if (name != null && !PROTOCOLS.contains(name)) {
            protocol.reportValue(name, "tcp, http, http2, grpc");
        }
        Field upstreams = spec.get("upstreamConfig");
        Map<String, Upstream> overrides = new HashMap<>();
        for (Field item : upstreams.get("overrides").items()) {
            String namespace = item.get("namespace").text(root.resource().namespace());
            overrides.put(Names.host(item.get("name").required(), namespace), upstream(item));
        }
        Field shared = upstreams.get("defaults");
        byHost.putIfAbsent(
                Names.own(root),
                new Entry(name, shared.isPresent() ? upstream(shared) : null, overrides));
        spec.unsupported(
                "read, but without effect here",
                "maxInboundConnections",
                "localConnectTimeoutMs",
                "localRequestTimeoutMs",
                "balanceInboundConnections",
                "rateLimits",
                "destination",
                "expose",
                "externalSNI",
                "envoyExtensions",
                "mode",
                "mutualTLSMode",
                "transparentProxy",
                "meshGateway");
    }

    private static Upstream upstream(Field field) {
        String protocol = field.get("protocol").text("");
        if (!protocol.isEmpty()) {
            field.get("protocol")
                    .info(
                            Code.UNDERSTOOD,
                            "an upstream's protocol is the one its own port declares");
        }
        Field limits = field.get("limits");
        Duration connect = Duration.ofMillis(field.get("connectTimeoutMs").integer(1, ANY, 5000));
        field.unsupported(
                "read, but without effect here",
                "meshGateway",
                "balanceOutboundConnections",
                "envoyListenerJSON",
                "envoyClusterJSON");
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
        check.get("enforcingConsecutive5xx").accept();
        return new OutlierDetection(
                check.get("maxFailures").integer(0, ANY, 5),
                0,
                check.get("interval").duration().orElse(Duration.ofSeconds(10)),
                check.get("baseEjectionTime").duration().orElse(Duration.ofSeconds(30)),
                check.get("maxEjectionPercent").integer(0, 100, 10),
                0,
                check.origin());
    }

    /** The declared protocol of a service; null where none is. */
    @Nullable String protocol(String host) {
        Entry entry = byHost.get(host);
        return entry == null ? null : entry.protocol();
    }

    /** How a client (named by its workload or service account) calls a service. */
    Optional<Upstream> upstream(WorkloadView client, MeshService service) {
        for (String name : List.of(client.serviceAccount(), client.name())) {
            Entry entry = byHost.get(Names.host(name, client.namespace()));
            if (entry != null) {
                Upstream own = entry.byUpstream().get(service.host());
                return Optional.ofNullable(own != null ? own : entry.upstreams());
            }
        }
        return Optional.empty();
    }
}
