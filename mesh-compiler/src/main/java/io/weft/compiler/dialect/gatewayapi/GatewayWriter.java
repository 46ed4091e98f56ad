package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.model.Origin;
import io.weft.model.listener.GatewayServer;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a Gateway serves. Listeners of one port are isolated: a request is its whose host
 * name fits best, even if only another listener has a route for it.
 */
final class GatewayWriter {

    private static final int MISDIRECTED = 421;

    private final GatewaySpec gateway;
    private final Bindings bindings;
    private final References references;
    private final ClusterLinker linker;

    GatewayWriter(
            GatewaySpec gateway, Bindings bindings, References references, ClusterLinker linker) {
        this.gateway = gateway;
        this.bindings = bindings;
        this.references = references;
        this.linker = linker;
    }

    List<GatewayPlan> plans() {
        return gateway.listeners().stream().filter(ListenerSpec::usable).map(this::plan).toList();
    }

    private GatewayPlan plan(ListenerSpec listener) {
        GatewayServer server =
                new GatewayServer(
                        listener.name(),
                        listener.port(),
                        listener.protocol(),
                        List.of(listener.hostname()),
                        tls(listener),
                        false,
                        listener.table(),
                        listener.origin());
        return switch (listener.protocol()) {
            case HTTP, HTTPS -> new GatewayPlan(server, hosts(listener), List.of());
            case TLS, TCP -> new GatewayPlan(server, List.of(), connections(listener));
        };
    }

    private static GatewayServer.@Nullable ServerTls tls(ListenerSpec listener) {
        return switch (listener.protocol()) {
            case HTTP, TCP -> null;
            case HTTPS, TLS ->
                    listener.passthrough()
                            ? new GatewayServer.ServerTls.Passthrough()
                            : new GatewayServer.ServerTls.Terminate(
                                    listener.certificates(),
                                    GatewayServer.ClientCertificates.NONE,
                                    "TLSv1.2",
                                    List.of());
        };
    }

    private List<ListenerSpec> neighbours(ListenerSpec listener) {
        return gateway.listeners().stream()
                .filter(ListenerSpec::usable)
                .filter(other -> other.port() == listener.port())
                .filter(other -> !other.name().equals(listener.name()))
                .toList();
    }

    private List<RouteSpec> routes(ListenerSpec listener) {
        Set<RouteSpec> routes = new LinkedHashSet<>();
        for (Bindings.Binding binding : bindings.at(gateway)) {
            if (binding.listeners().contains(listener)) {
                routes.add(binding.route());
            }
        }
        return List.copyOf(routes);
    }

    private List<VirtualHost> hosts(ListenerSpec listener) {
        List<RouteSpec> routes = routes(listener);
        List<ListenerSpec> others = neighbours(listener);
        Set<String> domains = new TreeSet<>();
        if (!listener.hostname().equals(Hostnames.ANY)) {
            // Also without routes: no other listener may answer for its names.
            domains.add(listener.hostname());
        }
        for (RouteSpec route : routes) {
            domains.addAll(Hostnames.intersection(listener.hostname(), route.hostnames()));
        }
        domains.removeIf(domain -> others.stream().anyMatch(o -> takes(o, listener, domain)));
        RouteWriter writer = new RouteWriter(references, linker, listener.port());
        Map<String, VirtualHost> hosts = new LinkedHashMap<>();
        for (String domain : domains) {
            hosts.put(domain, host(listener, domain, routes, writer));
        }
        if (listener.protocol() == GatewayServer.Protocol.HTTPS) {
            others.forEach(other ->
                    hosts.computeIfAbsent(other.hostname(), name -> misdirected(name, other)));
        }
        return List.copyOf(hosts.values());
    }

    /** Whether a neighbour with a narrower name takes the domain away from the listener. */
    private static boolean takes(ListenerSpec other, ListenerSpec listener, String domain) {
        return !other.hostname().equals(listener.hostname())
                && Hostnames.covers(listener.hostname(), other.hostname())
                && Hostnames.covers(other.hostname(), domain);
    }

    private static VirtualHost host(
            ListenerSpec listener, String domain, List<RouteSpec> routes, RouteWriter writer) {
        RequestOrder order = new RequestOrder();
        for (RouteSpec route : routes) {
            Hostnames.intersection(listener.hostname(), route.hostnames()).stream()
                    .filter(host -> Hostnames.covers(host, domain))
                    .max(Comparator.comparingInt(Hostnames::specificity))
                    .ifPresent(host -> order.add(route, host));
        }
        return new VirtualHost(
                domain + ":" + listener.port(),
                List.of(domain),
                order.write(writer),
                listener.origin());
    }

    /**
     * The connection was made for this listener's certificate, the request is for another's (RFC
     * 9110, 15.5.20): the client shall connect anew.
     */
    private static VirtualHost misdirected(String domain, ListenerSpec other) {
        Origin origin = other.origin();
        return new VirtualHost(
                domain + ":" + other.port() + " misdirected",
                List.of(domain),
                List.of(
                        new Route(
                                "misdirected",
                                Match.ALWAYS,
                                new RouteAction.DirectResponse(MISDIRECTED, "", List.of()),
                                List.of(),
                                Timeouts.NONE,
                                null,
                                origin)),
                origin);
    }

    private record Connection(String host, RouteSpec route, int position, RuleSpec rule) {}

    private List<TcpRoute> connections(ListenerSpec listener) {
        List<Connection> all = new ArrayList<>();
        for (RouteSpec route : routes(listener)) {
            for (String host : Hostnames.intersection(listener.hostname(), route.hostnames())) {
                for (int i = 0; i < route.rules().size(); i++) {
                    all.add(new Connection(host, route, i, route.rules().get(i)));
                }
            }
        }
        RouteWriter writer = new RouteWriter(references, linker, listener.port());
        return all.stream()
                .sorted(
                        Comparator.comparingInt((Connection c) -> Hostnames.specificity(c.host()))
                                .reversed()
                                .thenComparing(c -> c.route().created())
                                .thenComparing(c -> c.route().id())
                                .thenComparingInt(Connection::position))
                .map(c -> writer.connection(c.route(), c.rule(), sni(c.route(), c.host())))
                .toList();
    }

    static Match sni(RouteSpec route, String host) {
        if (route.kind() != RouteKind.TLS || host.equals(Hostnames.ANY)) {
            return Match.ALWAYS;
        }
        return new Match.Sni(
                host.startsWith("*")
                        ? new StringMatch.Suffix(host.substring(1), true)
                        : new StringMatch.Exact(host, true));
    }
}
