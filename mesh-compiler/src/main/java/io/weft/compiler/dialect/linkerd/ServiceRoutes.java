package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.route.Destination;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** HTTPRoutes whose parent is a Service: the callers' side. */
final class ServiceRoutes {

    private static final int NOT_FOUND_BACKEND = 500;

    private final List<RouteSpec> routes;
    private final Annotated annotated;

    ServiceRoutes(List<RouteSpec> routes, Annotated annotated) {
        this.routes = List.copyOf(routes);
        this.annotated = annotated;
    }

    Map<String, Origin> hosts() {
        Map<String, Origin> hosts = new LinkedHashMap<>();
        for (RouteSpec route : routes) {
            for (RouteSpec.Parent parent : route.parents()) {
                if (parent.kind().equals("Service")) {
                    hosts.putIfAbsent(host(parent), route.origin());
                }
            }
        }
        return hosts;
    }

    /** Everything that they lead to. */
    Set<String> destinations() {
        Set<String> hosts = new HashSet<>(hosts().keySet());
        for (RouteSpec route : routes) {
            for (RouteSpec.Rule rule : route.rules()) {
                rule.backends().forEach(backend -> hosts.add(backend.host()));
            }
        }
        return hosts;
    }

    private static String host(RouteSpec.Parent parent) {
        return new ServiceId(parent.namespace(), parent.name()).host();
    }

    /** Consumers' routes go before the producer's; a request that none matches is not found. */
    Optional<RoutePlan> routes(OutboundView view, ClusterLinker linker) {
        String owner = view.service() == null ? "" : view.service().namespace();
        List<RouteSpec> own = attached(view, view.client().namespace());
        List<RouteSpec> inForce = own.isEmpty() ? attached(view, owner) : own;
        if (inForce.isEmpty()) {
            return Optional.empty();
        }
        List<Route> written = new ArrayList<>();
        for (RouteOrder.Entry entry : RouteOrder.of(inForce)) {
            written.add(route(entry, view, linker));
        }
        return Optional.of(new RoutePlan(written, List.of(), inForce.getFirst().origin()));
    }

    private List<RouteSpec> attached(OutboundView view, String namespace) {
        return routes.stream()
                .filter(route -> route.namespace().equals(namespace))
                .filter(route ->
                        route.parents().stream()
                                .anyMatch(p ->
                                        p.kind().equals("Service")
                                                && host(p).equals(view.host())
                                                && (p.port() == 0 || p.port() == view.port())))
                .toList();
    }

    private Route route(RouteOrder.Entry entry, OutboundView view, ClusterLinker linker) {
        RouteSpec.Rule rule = entry.route().rules().get(entry.ruleIndex());
        ServiceAnnotations annotations =
                entry.route().annotations() != null
                        ? entry.route().annotations()
                        : annotated.requests(view.host()).orElse(null);
        Timeouts timeouts =
                rule.timeouts().request() != null || annotations == null
                        ? rule.timeouts()
                        : annotations.timeouts();
        return new Route(
                entry.route().namespace() + "/" + entry.route().name() + "/" + entry.ruleIndex(),
                entry.match(),
                rule.redirect() != null
                        ? rule.redirect()
                        : new RouteAction.Forward(destinations(rule, view, linker)),
                rule.filters(),
                timeouts,
                rule.redirect() != null ? null : retry(rule, annotations),
                rule.origin());
    }

    private static RetryPolicy retry(
            RouteSpec.Rule rule, @Nullable ServiceAnnotations annotations) {
        RetryPolicy policy =
                annotations == null || annotations.retry() == null
                        ? Connections.retry(rule.origin())
                        : annotations.retry();
        return rule.perTry() == null
                ? policy
                : new RetryPolicy(
                        policy.retries(),
                        rule.perTry(),
                        policy.on(),
                        policy.statuses(),
                        policy.backOffBase(),
                        policy.backOffMax(),
                        policy.budget(),
                        policy.avoidTriedHosts(),
                        policy.otherLocalities(),
                        policy.origin());
    }

    private static List<WeightedDestination> destinations(
            RouteSpec.Rule rule, OutboundView view, ClusterLinker linker) {
        List<Target> targets = new ArrayList<>();
        for (RouteSpec.Backend backend : rule.backends()) {
            if (backend.weight() > 0) {
                targets.add(
                        new Target(
                                backend.host(),
                                backend.port(),
                                "",
                                backend.weight(),
                                List.of(),
                                backend.origin()));
            }
        }
        if (targets.isEmpty() && !rule.backends().isEmpty()) {
            return List.of(
                    new WeightedDestination(
                            1,
                            new Destination.Unavailable(
                                    NOT_FOUND_BACKEND, "every backend has the weight 0"),
                            List.of(),
                            rule.origin()));
        }
        if (targets.isEmpty()) {
            targets.add(new Target(view.host(), view.port(), "", 1, List.of(), rule.origin()));
        }
        return linker.link(targets);
    }
}
