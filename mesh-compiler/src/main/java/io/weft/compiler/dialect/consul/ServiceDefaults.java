package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.MtlsSetting;
import io.weft.compiler.dialect.consul.UpstreamReader.Upstream;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.dialect.consul.chain.ServiceSettings;
import io.weft.compiler.yaml.Field;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All ServiceDefaults: a service's protocol, and how it calls others. Immutable once made. */
final class ServiceDefaults {

    private static final Set<String> PROTOCOLS = Set.of("tcp", "http", "http2", "grpc");
    private static final Set<String> GATEWAY_MODES = Set.of("", "none", "local", "remote");

    /**
     * What is said of a service.
     *
     * @param upstreams how it calls what has no settings of its own; null for nothing special
     * @param inbound filters that its own requests pass
     */
    record Entry(
            ServiceSettings settings,
            @Nullable Upstream upstreams,
            Map<ServiceName, Upstream> byUpstream,
            @Nullable MtlsSetting mtls,
            List<Filter> inbound,
            Origin origin) {
        Entry {
            byUpstream = Map.copyOf(byUpstream);
            inbound = List.copyOf(inbound);
        }
    }

    private final Map<ServiceName, Entry> byService = new HashMap<>();

    @Nullable Entry get(ServiceName service) {
        return byService.get(service);
    }

    void add(Field root, boolean permissiveAllowed) {
        Field spec = root.get("spec");
        Field upstreams = spec.get("upstreamConfig");
        Map<ServiceName, Upstream> overrides = new HashMap<>();
        for (Field item : upstreams.get("overrides").items()) {
            item.get("name").required();
            if (!item.get("peer").text("").isEmpty()) {
                item.get("peer").unsupported("settings for the services of a peer");
                item.accept();
                continue;
            }
            overrides.put(Names.read(item, "name"), UpstreamReader.read(item));
        }
        Field shared = upstreams.get("defaults");
        byService.putIfAbsent(
                Names.own(root),
                new Entry(
                        settings(spec),
                        shared.isPresent() ? UpstreamReader.read(shared) : null,
                        overrides,
                        MutualTls.read(spec.get("mutualTLSMode"), permissiveAllowed),
                        rateLimits(spec.get("rateLimits")),
                        root.origin()));
        tellWhatIsLeftOut(spec);
    }

    private static void tellWhatIsLeftOut(Field spec) {
        spec.get("localConnectTimeoutMs")
                .unsupported("an application on the same host answers or refuses at once");
        spec.get("localRequestTimeoutMs")
                .unsupported("callers bound their requests by requestTimeout");
        spec.get("maxInboundConnections").unsupported("connections of callers are not counted");
        spec.get("balanceInboundConnections")
                .unsupported("one event loop serves a connection, there is nothing to balance");
        spec.get("expose")
                .unsupported("probes reach the application's own port, or the sidecar's 15021");
        spec.get("mode").unsupported("how traffic is captured is decided where pods are injected");
        spec.get("envoyExtensions").unsupported("there is no Envoy to extend");
        spec.get("externalSNI")
                .unsupported("declare a ServiceEntry and the TLS of a DestinationRule for it");
        spec.get("balanceInboundConnections").accept();
    }

    /** Those of ServiceDefaults and of ProxyDefaults, which says its protocol elsewhere. */
    static ServiceSettings settings(Field spec) {
        Field protocol = spec.get("protocol");
        String name = protocol.text("");
        if (!name.isEmpty() && !PROTOCOLS.contains(name)) {
            protocol.reportValue(name, "tcp, http, http2, grpc");
        }
        Field gateway = spec.get("meshGateway").get("mode");
        String mode = gateway.text("");
        if (!GATEWAY_MODES.contains(mode)) {
            gateway.reportValue(mode, "none, local, remote");
        } else if (!mode.isEmpty() && !mode.equals("none")) {
            gateway.warn(
                    Code.UNSUPPORTED_FIELD,
                    "'" + mode + "' has no effect: sidecars call each other directly",
                    "");
        }
        Field proxy = spec.get("transparentProxy");
        proxy.get("outboundListenerPort")
                .unsupported("the port of the sidecar's own settings holds");
        List<String> extensions = new ArrayList<>();
        spec.get("envoyExtensions")
                .items()
                .forEach(item -> extensions.add(item.accept().get("name").text("")));
        return new ServiceSettings(
                name,
                spec.get("externalSNI").text(""),
                mode,
                proxy.get("dialedDirectly").bool(false),
                spec.get("meta").texts(),
                extensions);
    }

    /** Consul counts for an instance of the service, and so does a sidecar. */
    private static List<Filter> rateLimits(Field limits) {
        Field instance = limits.get("instanceLevel");
        List<Filter> filters = new ArrayList<>();
        int perSecond = instance.get("requestsPerSecond").integer(0, Integer.MAX_VALUE, 0);
        int burst = instance.get("requestsMaxBurst").integer(0, Integer.MAX_VALUE, perSecond);
        instance.get("routes").unsupported("the limit of the instance as a whole holds");
        if (perSecond > 0) {
            filters.add(
                    new Filter.LocalRateLimit(
                            perSecond,
                            Duration.ofSeconds(1),
                            Math.max(burst, perSecond),
                            "",
                            instance.origin()));
        }
        return filters;
    }
}
