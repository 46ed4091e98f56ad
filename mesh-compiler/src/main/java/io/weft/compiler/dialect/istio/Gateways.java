package io.weft.compiler.dialect.istio;

import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import io.weft.model.listener.GatewayServer;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All Gateways, joined with the VirtualServices that are bound to them. Immutable. */
final class Gateways {

    private final List<GatewaySpec> gateways;
    private final VirtualServices virtualServices;

    Gateways(List<GatewaySpec> gateways, VirtualServices virtualServices, Diagnostics diagnostics) {
        this.gateways = List.copyOf(gateways);
        this.virtualServices = virtualServices;
        reportConflicts(diagnostics);
    }

    private void reportConflicts(Diagnostics diagnostics) {
        Map<String, GatewaySpec.Server> first = new HashMap<>();
        for (GatewaySpec gateway : gateways) {
            for (GatewaySpec.Server server : gateway.servers()) {
                String bind = gateway.selector() + ":" + server.port();
                GatewaySpec.Server other = first.putIfAbsent(bind, server);
                if (other != null && !other.bindKind().equals(server.bindKind())) {
                    Origin at = server.origin();
                    diagnostics.add(
                            new Diagnostic(
                                    Code.INEFFECTIVE_POLICY,
                                    Level.WARNING,
                                    at.kind(),
                                    at.namespace(),
                                    at.name(),
                                    "spec.servers",
                                    at.file(),
                                    at.line(),
                                    1,
                                    Integer.toString(server.port()),
                                    "port "
                                            + server.port()
                                            + " speaks "
                                            + other.bindKind()
                                            + " already ("
                                            + other.origin().describe()
                                            + "): this server is skipped",
                                    "use another port"));
                }
            }
        }
    }

    /** Whether a Gateway of this {@code namespace/name} exists. */
    boolean exists(String id) {
        return gateways.stream().anyMatch(gateway -> gateway.id().equals(id));
    }

    /** One for each selector. */
    List<DeclaredWorkload> workloads() {
        Map<Map<String, String>, DeclaredWorkload> found = new LinkedHashMap<>();
        for (GatewaySpec gateway : gateways) {
            Map<String, String> labels = gateway.selector();
            String name = labels.getOrDefault("istio", labels.getOrDefault("app", "every-gateway"));
            if (!gateway.servers().isEmpty()) {
                Origin origin = gateway.servers().getFirst().origin();
                WorkloadId id = new WorkloadId(gateway.namespace(), name);
                found.putIfAbsent(labels, new DeclaredWorkload(id, "", labels, origin));
            }
        }
        return List.copyOf(found.values());
    }

    /** What a gateway workload serves, oldest Gateway first. */
    List<GatewayPlan> plans(WorkloadView workload, ClusterLinker linker) {
        List<GatewayPlan> plans = new ArrayList<>();
        Map<Integer, String> kinds = new HashMap<>();
        for (GatewaySpec gateway : gateways) {
            if (!workload.hasLabels(gateway.selector())) {
                continue;
            }
            for (GatewaySpec.Server server : gateway.servers()) {
                String kind = kinds.putIfAbsent(server.port(), server.bindKind());
                if (kind == null || kind.equals(server.bindKind())) {
                    plans.add(plan(workload, gateway, server, linker));
                }
            }
        }
        return plans;
    }

    private GatewayPlan plan(
            WorkloadView workload,
            GatewaySpec gateway,
            GatewaySpec.Server server,
            ClusterLinker linker) {
        HttpMatchSpec.Caller caller =
                new HttpMatchSpec.Caller(workload, List.of(gateway.id()), server.port());
        RouteWriter writer = virtualServices.writer(caller, linker.calling(server.port()));
        GatewaySpec.Tls tls = server.tls();
        GatewayServer served =
                new GatewayServer(
                        server.name(),
                        server.port(),
                        server.protocol(),
                        server.hosts().stream()
                                .map(GatewaySpec.HostPattern::host)
                                .distinct()
                                .toList(),
                        tls == null ? null : tls.in(workload.namespace()),
                        server.httpsRedirect(),
                        server.table(),
                        server.origin());
        List<VirtualServiceSpec> bound =
                virtualServices.ofGateway(gateway.id()).stream()
                        .filter(spec -> spec.exportTo().includes(workload.namespace()))
                        .toList();
        return switch (server.protocol()) {
            case HTTP, HTTPS -> new GatewayPlan(served, hosts(server, bound, writer), List.of());
            case TLS, TCP -> new GatewayPlan(served, List.of(), connections(server, bound, writer));
        };
    }

    private static List<TcpRoute> connections(
            GatewaySpec.Server server, List<VirtualServiceSpec> bound, RouteWriter writer) {
        List<TcpRoute> routes = new ArrayList<>();
        boolean terminated = server.tls() != null && !server.tls().passthrough();
        for (VirtualServiceSpec spec : bound) {
            if (!intersection(server, spec).isEmpty()) {
                routes.addAll(
                        writer.connections(
                                spec.connections().stream()
                                        .filter(route -> !terminated || !route.tls())
                                        .toList()));
            }
        }
        return routes;
    }

    private static List<VirtualHost> hosts(
            GatewaySpec.Server server, List<VirtualServiceSpec> bound, RouteWriter writer) {
        Map<String, List<VirtualServiceSpec>> byDomain = new LinkedHashMap<>();
        for (VirtualServiceSpec spec : bound) {
            if (spec.http().isEmpty()) {
                continue;
            }
            for (String domain : intersection(server, spec)) {
                byDomain.computeIfAbsent(domain, d -> new ArrayList<>()).add(spec);
            }
        }
        List<VirtualHost> hosts = new ArrayList<>();
        byDomain.forEach((domain, specs) ->
                hosts.add(
                        new VirtualHost(
                                domain + ":" + server.port(),
                                List.of(domain),
                                writer.merged(specs),
                                specs.getFirst().origin())));
        return hosts;
    }

    /** The hosts that both allow: of two that cover each other, the narrower. */
    private static List<String> intersection(GatewaySpec.Server server, VirtualServiceSpec spec) {
        List<String> domains = new ArrayList<>();
        for (GatewaySpec.HostPattern pattern : server.hosts()) {
            if (!pattern.namespace().equals("*") && !pattern.namespace().equals(spec.namespace())) {
                continue;
            }
            for (String host : spec.hosts()) {
                String domain =
                        IstioHosts.covers(pattern.host(), host)
                                ? host
                                : IstioHosts.covers(host, pattern.host()) ? pattern.host() : "";
                if (!domain.isEmpty() && !domains.contains(domain)) {
                    domains.add(domain);
                }
            }
        }
        return domains;
    }
}
