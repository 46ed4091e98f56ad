package io.weft.dataplane.snapshot;

import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.extauthz.ExternalAuthorizers;
import io.weft.dataplane.http.Filters;
import io.weft.dataplane.http.RoutePlan;
import io.weft.dataplane.identity.TlsContexts;
import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.upstream.ClusterRef;
import io.weft.dataplane.upstream.FixedTarget;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.dataplane.upstream.UpstreamEndpoint;
import io.weft.dataplane.upstream.UpstreamSecurity;
import io.weft.engine.MeshClock;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.balance.Balancers;
import io.weft.engine.jwt.JwtAuthenticator;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.authz.JwtRule;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.resource.Certificate;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import io.weft.model.resource.WorkloadConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiles whole configurations. What a resource's compiled form does not share with the last one
 * is made before anything in force is touched, so that a refused configuration leaves no trace.
 * Used by one thread at a time.
 */
public final class SnapshotCompiler {

    private final LocalProxy self;
    private final MeshClock clock;
    private final TlsContexts tls;
    private final Balancers balancers;
    private final DnsAddresses dns;
    private final Filters filters;
    private final Map<String, ClusterRef> refs = new ConcurrentHashMap<>();
    private final Map<Integer, FixedTarget> applications = new HashMap<>();

    public SnapshotCompiler(
            LocalProxy self,
            MeshClock clock,
            TlsContexts tls,
            Balancers balancers,
            DnsAddresses dns) {
        this.dns = dns;
        this.self = self;
        this.clock = clock;
        this.tls = tls;
        this.balancers = balancers;
        this.filters = new Filters(clock, this::ref);
    }

    private ClusterRef ref(String name) {
        return refs.computeIfAbsent(name, ClusterRef::new);
    }

    /**
     * Compiles, and points the routes in force at the new endpoints.
     *
     * @param old what is in force, null at first
     * @throws IllegalArgumentException when it cannot be used; then nothing has changed
     */
    public ConfigSnapshot compile(ResourceSet set, @Nullable ConfigSnapshot old) {
        Map<String, MeshResource> resources = set.resources();
        if (!(resources.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig workload)) {
            throw new IllegalArgumentException(
                    "configuration: '" + ResourceKeys.WORKLOAD + "' is missing (expected: one)");
        }
        Map<String, OutboundTable> tables = new HashMap<>();
        Set<String> unknown = new HashSet<>();
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        for (MeshResource resource : resources.values()) {
            switch (resource) {
                case RouteTable table -> tables.put(table.name(), table(table, old));
                case UnknownHost host -> unknown.add(host.name());
                case Cluster cluster -> clusters.put(cluster.name(), cluster);
                default -> {}
            }
        }
        ClusterCompiler compiler = new ClusterCompiler(self, balancers, dns, resources);
        Map<String, UpstreamSecurity> originations = new HashMap<>();
        clusters.forEach((name, cluster) -> {
            UpstreamSecurity security = compiler.origination(cluster);
            if (security != null) {
                originations.put(name, security);
            }
        });
        Map<Integer, InboundProgram> inbound = inbound(workload, resources);
        Map<Integer, GatewayPort> gateways = gateways(workload, resources, tables);
        JwtAuthenticator gatewayJwt = jwt(workload.gatewayJwt(), resources);
        AuthzEngine gatewayAuthz = AuthzEngine.compile(workload.gatewayAuthz());
        ExternalAuthorizers externals =
                ExternalAuthorizers.compile(
                        workload.externalAuthorizers(), this::ref, self.identity().uri());
        // Nothing above has changed anything; nothing below can fail on what came over the wire.
        Map<String, UpstreamCluster> compiled =
                commit(clusters, originations, compiler, old == null ? Map.of() : old.clusters());
        dns.follow(
                resources.values().stream()
                        .filter(EndpointSet.class::isInstance)
                        .map(EndpointSet.class::cast)
                        .toList());
        return new ConfigSnapshot(
                set,
                clock.now(),
                workload,
                inbound,
                tables,
                unknown,
                compiled,
                gateways,
                gatewayJwt,
                gatewayAuthz,
                externals);
    }

    private OutboundTable table(RouteTable table, @Nullable ConfigSnapshot old) {
        OutboundTable known = old == null ? null : old.table(table.name());
        return known != null && known.table().equals(table)
                ? known
                : OutboundTable.compile(table, filters, this::ref);
    }

    private Map<String, UpstreamCluster> commit(
            Map<String, Cluster> clusters,
            Map<String, UpstreamSecurity> originations,
            ClusterCompiler compiler,
            Map<String, UpstreamCluster> old) {
        Map<String, UpstreamCluster> compiled = new LinkedHashMap<>();
        clusters.forEach((name, cluster) ->
                compiled.put(
                        name, compiler.compile(cluster, originations.get(name), old.get(name))));
        compiled.forEach((name, cluster) -> ref(name).set(cluster));
        refs.forEach((name, ref) -> {
            if (!compiled.containsKey(name)) {
                ref.set(null);
            }
        });
        balancers.retain(compiled.keySet());
        retire(old, compiled);
        return compiled;
    }

    private static void retire(
            Map<String, UpstreamCluster> old, Map<String, UpstreamCluster> compiled) {
        old.forEach((name, cluster) -> {
            UpstreamCluster now = compiled.get(name);
            Set<UpstreamEndpoint> live =
                    now == null ? Set.of() : Set.copyOf(now.endpoints().values());
            cluster.endpoints().values().stream()
                    .filter(endpoint -> !live.contains(endpoint))
                    .forEach(UpstreamEndpoint::retire);
            if (cluster.passthrough() != null
                    && (now == null || now.passthrough() != cluster.passthrough())) {
                cluster.passthrough().retire();
            }
        });
    }

    // --- inbound

    private Map<Integer, InboundProgram> inbound(
            WorkloadConfig workload, Map<String, MeshResource> resources) {
        Map<Integer, InboundProgram> programs = new HashMap<>();
        for (LocalApplication application : self.applications()) {
            InboundPort port =
                    workload.inbound().stream()
                            .filter(p -> p.port() == application.port())
                            .findFirst()
                            .orElse(workload.undeclared());
            AppProtocol protocol =
                    port.protocol() == AppProtocol.AUTO ? application.protocol() : port.protocol();
            programs.put(application.port(), program(port, protocol, application, resources));
        }
        return programs;
    }

    private InboundProgram program(
            InboundPort port,
            AppProtocol protocol,
            LocalApplication application,
            Map<String, MeshResource> resources) {
        FixedTarget target = application(port, protocol, application);
        RoutePlan plan =
                RoutePlan.forward("default", Origin.builtIn("inbound route"), target)
                        .with(filters, port.filters());
        return new InboundProgram(
                port,
                protocol,
                jwt(port.jwt(), resources),
                AuthzEngine.compile(port.authz()),
                target,
                plan);
    }

    /** The same object as long as nothing of it changes, so that its connections stay. */
    private FixedTarget application(
            InboundPort port, AppProtocol protocol, LocalApplication application) {
        int appPort = port.applicationPort() > 0 ? port.applicationPort() : application.appPort();
        FixedTarget known = applications.get(application.port());
        if (known != null
                && known.endpoint().port() == appPort
                && known.destination().service().equals(port.service())
                && known.always2() == protocol.isHttp2()) {
            return known;
        }
        DestinationView view =
                new DestinationView(
                        port.service(),
                        port.service().isEmpty() ? "" : ClusterCompiler.serviceName(port.service()),
                        self.workload().namespace(),
                        self.workload().name(),
                        self.workload().namespace(),
                        self.labels(),
                        self.identity());
        UpstreamEndpoint endpoint =
                new UpstreamEndpoint(
                        application.address(),
                        appPort,
                        UpstreamSecurity.PLAIN,
                        ConnectionLimits.DEFAULT,
                        null,
                        view);
        FixedTarget made =
                new FixedTarget(
                        "inbound|" + application.port() + "||",
                        endpoint,
                        protocol.isHttp2(),
                        protocol == AppProtocol.AUTO);
        if (known != null) {
            known.endpoint().retire();
        }
        applications.put(application.port(), made);
        return made;
    }

    private JwtAuthenticator jwt(List<JwtRule> rules, Map<String, MeshResource> resources) {
        return JwtAuthenticator.compile(
                rules,
                name ->
                        resources.get(ResourceKeys.jwks(name)) instanceof JwksSet found
                                ? found
                                : null,
                clock);
    }

    // --- gateways

    private Map<Integer, GatewayPort> gateways(
            WorkloadConfig workload,
            Map<String, MeshResource> resources,
            Map<String, OutboundTable> tables) {
        Map<Integer, List<GatewayPort.Server>> byPort = new LinkedHashMap<>();
        for (GatewayServer server : workload.servers()) {
            byPort.computeIfAbsent(server.port(), p -> new ArrayList<>())
                    .add(
                            new GatewayPort.Server(
                                    server, contexts(server, resources), routes(server, tables)));
        }
        Map<Integer, GatewayPort> ports = new HashMap<>();
        byPort.forEach((port, servers) ->
                ports.put(
                        port,
                        new GatewayPort(
                                port,
                                servers.stream().anyMatch(s -> s.config().tls() != null),
                                servers)));
        return ports;
    }

    private OutboundTable routes(GatewayServer server, Map<String, OutboundTable> tables) {
        OutboundTable table = tables.get(server.routes());
        if (table != null) {
            return table;
        }
        return OutboundTable.compile(
                new RouteTable(server.routes(), AppProtocol.HTTP, List.of(), List.of()),
                filters,
                this::ref);
    }

    private List<GatewayPort.NamedContext> contexts(
            GatewayServer server, Map<String, MeshResource> resources) {
        if (!(server.tls() instanceof GatewayServer.ServerTls.Terminate terminate)) {
            return List.of();
        }
        if (terminate.clientCertificates() == GatewayServer.ClientCertificates.MESH) {
            return List.of(new GatewayPort.NamedContext(tls.meshServer(), List.of(), true));
        }
        List<GatewayPort.NamedContext> contexts = new ArrayList<>();
        for (String name : terminate.certificates()) {
            // One that has not come (a Secret that is not there yet) leaves the others in service.
            if (resources.get(ResourceKeys.certificate(name)) instanceof Certificate found) {
                contexts.add(ServerCertificates.compile(found, terminate));
            }
        }
        return contexts;
    }
}
