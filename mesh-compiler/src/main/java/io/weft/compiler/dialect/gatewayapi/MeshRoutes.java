package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.match.Match;
import io.weft.model.route.TcpRoute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Routes whose parent is a Service (GAMMA). A producer's route stands in the Service's namespace
 * and holds for every caller; a consumer's holds for callers of its own namespace only, and instead
 * of the producer's.
 */
final class MeshRoutes {

    private record Attached(RouteSpec route, int port) {}

    private final Map<String, List<Attached>> byHost = new HashMap<>();
    private final References references;

    MeshRoutes(List<RouteSpec> routes, References references) {
        this.references = references;
        for (RouteSpec route : routes) {
            for (ParentRef parent : route.parents()) {
                if (parent.isService()) {
                    byHost.computeIfAbsent(host(parent), h -> new ArrayList<>())
                            .add(new Attached(route, parent.port()));
                }
            }
        }
    }

    static String host(ParentRef parent) {
        return new ServiceId(parent.namespace(), parent.name()).host();
    }

    Map<String, Origin> hosts() {
        Map<String, Origin> hosts = new LinkedHashMap<>();
        byHost.forEach((host, routes) -> hosts.put(host, routes.getFirst().route().origin()));
        return hosts;
    }

    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        List<RouteSpec> all = inForce(view);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        RouteWriter writer = new RouteWriter(references, linker, view.port());
        RequestOrder order = new RequestOrder();
        all.stream().filter(r -> r.kind().isRequest()).forEach(r -> order.add(r, Hostnames.ANY));
        return Optional.of(
                new RoutePlan(
                        order.write(writer), connections(all, writer), all.getFirst().origin()));
    }

    private List<RouteSpec> inForce(OutboundView view) {
        Set<RouteSpec> producers = new LinkedHashSet<>();
        Set<RouteSpec> consumers = new LinkedHashSet<>();
        String owner = view.service() == null ? "" : view.service().namespace();
        for (Attached attached : byHost.getOrDefault(view.host(), List.of())) {
            if (attached.port() != 0 && attached.port() != view.port()) {
                continue;
            }
            String namespace = attached.route().namespace();
            if (namespace.equals(owner)) {
                producers.add(attached.route());
            } else if (namespace.equals(view.client().namespace())) {
                consumers.add(attached.route());
            }
        }
        return List.copyOf(consumers.isEmpty() ? producers : consumers);
    }

    private static List<TcpRoute> connections(List<RouteSpec> routes, RouteWriter writer) {
        List<TcpRoute> all = new ArrayList<>();
        List<RouteSpec> ordered =
                routes.stream()
                        .filter(r -> !r.kind().isRequest())
                        .sorted(
                                Comparator.comparing(RouteSpec::kind)
                                        .thenComparing(RouteSpec::created)
                                        .thenComparing(RouteSpec::id))
                        .toList();
        for (RouteSpec route : ordered) {
            List<String> hosts =
                    route.hostnames().isEmpty() ? List.of(Hostnames.ANY) : route.hostnames();
            List<Match> matches =
                    hosts.stream()
                            .sorted(Comparator.comparingInt(Hostnames::specificity).reversed())
                            .map(host -> GatewayWriter.sni(route, host))
                            .toList();
            for (RuleSpec rule : route.rules()) {
                all.add(writer.connection(route, rule, Match.anyOf(matches)));
            }
        }
        return all;
    }
}
