package io.weft.compiler;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.cluster.Endpoint;
import io.weft.model.match.Match;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import io.weft.model.route.Destination;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers a sidecar's question for the routes of a destination. */
final class OutboundAssembly {

    private static final int NO_PORT = -1;

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private final WorkloadView client;
    private final ClusterAssembly clusters;

    OutboundAssembly(
            CompiledPolicies policies,
            ServiceCatalog catalog,
            WorkloadView client,
            ClusterAssembly clusters) {
        this.policies = policies;
        this.catalog = catalog;
        this.client = client;
        this.clusters = clusters;
    }

    /**
     * The routes for {@code host:port}, or that nobody knows it. Port 0 is a service's only port,
     * or its first that speaks HTTP.
     */
    MeshResource answer(String asked) {
        String name = asked.toLowerCase(Locale.ROOT);
        int colon = name.lastIndexOf(':');
        int written = colon < 0 ? NO_PORT : parsePort(name.substring(colon + 1));
        if (written == NO_PORT) {
            return new UnknownHost(name);
        }
        String host = stripBrackets(name.substring(0, colon));
        MeshService service =
                catalog.resolve(host, client.namespace()).filter(this::seen).orElse(null);
        int port = written == 0 ? mainPort(service) : written;
        if (port == 0) {
            return new UnknownHost(name);
        }
        DeclaredPort declared = service == null ? null : service.port(port).orElse(null);
        if (service != null && declared == null) {
            return new UnknownHost(name);
        }
        AppProtocol protocol =
                service == null || declared == null
                        ? AppProtocol.AUTO
                        : policies.protocol(service, declared.protocol());
        // A wildcard service is called by the name that the client wrote.
        String qualified =
                service == null || service.host().startsWith("*") ? host : service.host();
        OutboundView view = new OutboundView(client, qualified, port, protocol, service);
        for (DialectPolicies dialect : policies.dialects()) {
            Optional<RoutePlan> plan = dialect.routes(view, clusters.linker(dialect, port));
            if (plan.isPresent()) {
                return table(name, view, plan.get());
            }
        }
        if (service != null) {
            return table(name, view, null);
        }
        return catalog.instanceAt(host, port)
                .<MeshResource>map(endpoint -> direct(name, view, endpoint))
                .orElseGet(() -> new UnknownHost(name));
    }

    /** A call to a workload's own address: no policy of a service holds for it. */
    private RouteTable direct(String name, OutboundView view, Endpoint endpoint) {
        Origin origin = Origin.builtIn("route to the workload, since its own address is called");
        Destination cluster = new Destination.ToCluster(clusters.addInstance(name, view, endpoint));
        List<WeightedDestination> all =
                List.of(new WeightedDestination(1, cluster, List.of(), origin));
        Route route =
                new Route(
                        "default",
                        Match.ALWAYS,
                        new RouteAction.Forward(all),
                        List.of(),
                        Timeouts.NONE,
                        retries(),
                        origin);
        return new RouteTable(
                name,
                view.protocol(),
                List.of(new VirtualHost(name, List.of("*"), List.of(route), origin)),
                List.of(new TcpRoute("default", Match.ALWAYS, all, null, origin)));
    }

    private boolean seen(MeshService service) {
        return policies.dialects().stream().allMatch(d -> d.sees(client, service));
    }

    private static int mainPort(@Nullable MeshService service) {
        if (service == null || service.ports().isEmpty()) {
            return 0;
        }
        return service.ports().stream()
                .filter(port -> port.protocol().mayBeHttp())
                .findFirst()
                .orElse(service.ports().getFirst())
                .port();
    }

    private static int parsePort(String text) {
        if (text.isEmpty() || text.length() > 5 || !text.chars().allMatch(Character::isDigit)) {
            return NO_PORT;
        }
        int port = Integer.parseInt(text);
        return port <= 65535 ? port : NO_PORT;
    }

    private static String stripBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    private RouteTable table(String name, OutboundView view, @Nullable RoutePlan plan) {
        List<Route> http = plan == null ? List.of() : plan.http();
        List<TcpRoute> tcp = plan == null ? List.of() : plan.tcp();
        Origin origin =
                plan == null
                        ? Origin.builtIn("route to the service, since no policy routes it")
                        : plan.origin();
        boolean requests = view.protocol().mayBeHttp();
        boolean connections =
                switch (view.protocol()) {
                    case TCP, TLS, HTTPS, AUTO -> true;
                    case HTTP, HTTP2, GRPC -> false;
                };
        if (requests && http.isEmpty() && view.service() != null) {
            http = List.of(defaultRoute(view, view.service()));
        }
        if (connections && tcp.isEmpty() && view.service() != null) {
            tcp = List.of(defaultTcp(view, view.service()));
        }
        return new RouteTable(
                name,
                view.protocol(),
                requests ? List.of(new VirtualHost(name, List.of("*"), http, origin)) : List.of(),
                connections ? tcp : List.of());
    }

    private Route defaultRoute(OutboundView view, MeshService service) {
        Origin origin = Origin.builtIn("route to the service, since no policy routes it");
        return new Route(
                "default",
                Match.ALWAYS,
                new RouteAction.Forward(
                        clusters.plain(view.port()).link(List.of(whole(view, service, origin)))),
                List.of(),
                Timeouts.NONE,
                retries(),
                origin);
    }

    private @Nullable RetryPolicy retries() {
        MeshSettings.Retries said = policies.meshSettings().retries();
        return said == null
                ? MeshDefaults.retry(Origin.builtIn("2 retries of what is safe to repeat"))
                : said.policy();
    }

    private TcpRoute defaultTcp(OutboundView view, MeshService service) {
        Origin origin = Origin.builtIn("route to the service, since no policy routes it");
        return new TcpRoute(
                "default",
                Match.ALWAYS,
                clusters.plain(view.port()).link(List.of(whole(view, service, origin))),
                null,
                origin);
    }

    private static Target whole(OutboundView view, MeshService service, Origin origin) {
        return new Target(service.host(), view.port(), "", 1, List.of(), origin);
    }
}
