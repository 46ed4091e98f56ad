package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.dialect.consul.chain.ChainCompiler;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.compiler.yaml.Field;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.listener.GatewayServer;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All IngressGateways, and what the gateways of their names serve. Immutable once made. */
final class IngressGateways {

    private static final Set<String> PROTOCOLS = Set.of("tcp", "http", "http2", "grpc");
    private static final String ANY = "*";

    private record Gateway(String namespace, String name, List<Listener> listeners) {

        /** The gateway's workload bears the entry's name, or its pods are labelled with it. */
        boolean isServedBy(WorkloadView workload) {
            return workload.gateway()
                    && workload.namespace().equals(namespace)
                    && (workload.name().equals(name)
                            || workload.serviceAccount().equals(name)
                            || name.equals(workload.labels().get("component"))
                            || name.equals(workload.labels().get("app")));
        }
    }

    private record Listener(
            int port,
            String protocol,
            GatewayServer.@Nullable ServerTls tls,
            List<Served> services,
            Origin origin) {}

    private record Served(
            ServiceName service, List<String> hosts, List<Filter> filters, Origin origin) {}

    private final List<Gateway> gateways = new ArrayList<>();

    void add(Field root) {
        Field spec = root.get("spec");
        spec.get("defaults").unsupported("the limits of the services' own upstreams hold");
        boolean tls = spec.get("tls").get("enabled").bool(false);
        MeshEntry.tls(spec.get("tls"));
        List<Listener> listeners = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        for (Field item : spec.get("listeners").items()) {
            Listener listener = listener(item, tls, spec.get("tls").get("sds"));
            if (!ports.add(listener.port())) {
                item.get("port")
                        .error(
                                Code.CONTRADICTION,
                                "port " + listener.port() + " is there twice",
                                "put the services into one listener");
            }
            listeners.add(listener);
        }
        gateways.add(new Gateway(root.resource().namespace(), root.resource().name(), listeners));
    }

    private static Listener listener(Field item, boolean tlsOfGateway, Field sdsOfGateway) {
        int port = item.get("port").integer(1, 65_535, 0);
        if (!item.get("port").isPresent()) {
            item.get("port").reportMissing();
        }
        String protocol = item.get("protocol").text("tcp");
        if (!PROTOCOLS.contains(protocol)) {
            item.get("protocol").reportValue(protocol, "tcp, http, http2, grpc");
        }
        Field tls = item.get("tls");
        MeshEntry.tls(tls);
        boolean enabled = tls.get("enabled").bool(tlsOfGateway);
        List<String> certificates = new ArrayList<>();
        certificate(sdsOfGateway, certificates);
        certificate(tls.get("sds"), certificates);
        List<Served> services = new ArrayList<>();
        for (Field service : item.get("services").items()) {
            services.add(served(service, protocol, certificates));
        }
        boolean requests = ChainCompiler.isHttpLike(protocol);
        if (services.isEmpty()) {
            item.get("services").reportMissing();
        } else if (!requests && (services.size() > 1 || isWildcard(services.getFirst()))) {
            item.get("services")
                    .error(
                            Code.CONTRADICTION,
                            "several services on a tcp listener (expected: one)",
                            "use protocol http, or a listener for each");
        }
        boolean secure = enabled || !certificates.isEmpty();
        if (secure && certificates.isEmpty()) {
            tls.error(
                    Code.MISSING_FIELD,
                    "TLS without a certificate: clients outside do not know the mesh's authority",
                    "name a TLS Secret of this namespace in tls.sds.certResource");
        }
        return new Listener(
                port,
                protocol,
                secure ? terminate(tls, certificates) : null,
                services,
                item.origin());
    }

    private static GatewayServer.ServerTls terminate(Field tls, List<String> certificates) {
        return new GatewayServer.ServerTls.Terminate(
                certificates.stream().distinct().toList(),
                GatewayServer.ClientCertificates.NONE,
                tls.get("tlsMinVersion").text("").equals("TLSv1_3") ? "TLSv1.3" : "TLSv1.2",
                List.of());
    }

    /** A certificate that Consul takes from a secret service is a TLS Secret here. */
    private static void certificate(Field sds, List<String> certificates) {
        sds.get("clusterName").accept();
        String name = sds.get("certResource").text("");
        if (!name.isEmpty()) {
            certificates.add(sds.resource().namespace() + "/" + name);
        }
    }

    private static boolean isWildcard(Served served) {
        return served.service().name().equals(ANY);
    }

    private static Served served(Field field, String protocol, List<String> certificates) {
        Names.refusePartition(field);
        field.get("name").required();
        certificate(field.get("tls").get("sds"), certificates);
        for (String limit :
                List.of(
                        "maxConnections",
                        "maxPendingRequests",
                        "maxConcurrentRequests",
                        "passiveHealthCheck")) {
            field.get(limit).unsupported("the limits of the services' own upstreams hold");
        }
        List<String> hosts =
                field.get("hosts").textItems().stream().map(IngressGateways::withoutPort).toList();
        if (!hosts.isEmpty() && !ChainCompiler.isHttpLike(protocol)) {
            field.get("hosts")
                    .error(
                            Code.CONTRADICTION,
                            "hosts on a tcp listener",
                            "use protocol http, or remove hosts");
        }
        ServiceName service = Names.read(field, "name");
        if (service.name().equals(ANY)) {
            field.get("name")
                    .warn(
                            Code.UNSUPPORTED_FIELD,
                            "a wildcard opens no service: those that are meant must be named",
                            "name the services");
        }
        return new Served(service, hosts, HeaderChanges.filters(field), field.origin());
    }

    private static String withoutPort(String host) {
        int colon = host.indexOf(':');
        return (colon < 0 ? host : host.substring(0, colon)).toLowerCase(Locale.ROOT);
    }

    List<GatewayPlan> plans(WorkloadView workload, Chains chains, ClusterLinker linker) {
        List<GatewayPlan> plans = new ArrayList<>();
        for (Gateway gateway : gateways) {
            if (gateway.isServedBy(workload)) {
                gateway.listeners()
                        .forEach(listener ->
                                plans.add(plan(workload, gateway, listener, chains, linker)));
            }
        }
        return plans;
    }

    private static GatewayPlan plan(
            WorkloadView workload,
            Gateway gateway,
            Listener listener,
            Chains chains,
            ClusterLinker linker) {
        boolean requests = ChainCompiler.isHttpLike(listener.protocol());
        String name = gateway.name() + "-" + listener.port();
        List<VirtualHost> hosts = new ArrayList<>();
        List<TcpRoute> tcp = new ArrayList<>();
        for (Served served : listener.services()) {
            if (isWildcard(served)) {
                continue;
            }
            RoutePlan routes = routes(workload, served, chains, linker);
            if (requests) {
                hosts.add(
                        new VirtualHost(
                                served.service().name() + ":" + listener.port(),
                                served.hosts().isEmpty() ? ownHosts(served) : served.hosts(),
                                routes.http().stream().map(r -> with(r, served)).toList(),
                                served.origin()));
            } else {
                tcp.addAll(routes.tcp());
            }
        }
        GatewayServer server =
                new GatewayServer(
                        name,
                        listener.port(),
                        protocol(requests, listener.tls() != null),
                        requests
                                ? hosts.stream().flatMap(h -> h.domains().stream()).toList()
                                : List.of(ANY),
                        listener.tls(),
                        false,
                        requests && listener.tls() == null
                                ? "gateway:" + listener.port()
                                : "gateway:" + listener.port() + "/" + name,
                        listener.origin());
        return new GatewayPlan(server, hosts, tcp);
    }

    private static GatewayServer.Protocol protocol(boolean requests, boolean tls) {
        if (requests) {
            return tls ? GatewayServer.Protocol.HTTPS : GatewayServer.Protocol.HTTP;
        }
        return tls ? GatewayServer.Protocol.TLS : GatewayServer.Protocol.TCP;
    }

    /** Under Consul's own domain, as its DNS names services behind an ingress gateway. */
    private static List<String> ownHosts(Served served) {
        String name = served.service().name();
        return List.of(name + ".ingress.consul", name);
    }

    private static Route with(Route route, Served served) {
        List<Filter> filters = new ArrayList<>(served.filters());
        filters.addAll(route.filters());
        return new Route(
                route.name(),
                route.match(),
                route.action(),
                filters,
                route.timeouts(),
                route.retry(),
                route.origin());
    }

    private static RoutePlan routes(
            WorkloadView workload, Served served, Chains chains, ClusterLinker linker) {
        String host = Names.host(served.service());
        OutboundView view = new OutboundView(workload, host, 0, AppProtocol.HTTP, null);
        return chains.routes(view, linker)
                .orElseGet(() -> {
                    List<WeightedDestination> all =
                            linker.link(
                                    List.of(
                                            new Target(
                                                    host, 0, "", 1, List.of(), served.origin())));
                    Route route =
                            new Route(
                                    "default",
                                    Match.ALWAYS,
                                    new RouteAction.Forward(all),
                                    List.of(),
                                    Timeouts.NONE,
                                    null,
                                    served.origin());
                    return new RoutePlan(
                            List.of(route),
                            List.of(
                                    new TcpRoute(
                                            "default", Match.ALWAYS, all, null, served.origin())),
                            served.origin());
                });
    }
}
