package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.Target;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes routes for one caller: backends are linked, invalid ones keep their share of 500s. */
final class RouteWriter {

    /** A host that no catalogue has: the linker makes a share of it that is never forwarded. */
    private static final String NOWHERE = "";

    private static final int SERVER_ERROR = 500;

    private final References references;
    private final ClusterLinker linker;
    private final int port;

    /**
     * @param port on which the routes are served; redirects keep it
     */
    RouteWriter(References references, ClusterLinker linker, int port) {
        this.references = references;
        this.linker = linker;
        this.port = port;
    }

    Route route(RouteSpec route, RuleSpec rule, MatchSpec match) {
        RouteAction action = action(route, rule, match);
        boolean forwards = action instanceof RouteAction.Forward;
        return new Route(
                name(route, rule),
                match.match(),
                action,
                filters(route, rule.filters(), match),
                rule.timeouts(),
                forwards ? rule.retry() : null,
                rule.origin());
    }

    TcpRoute connection(RouteSpec route, RuleSpec rule, Match match) {
        return new TcpRoute(
                name(route, rule), match, destinations(route, rule, null), null, rule.origin());
    }

    private static String name(RouteSpec route, RuleSpec rule) {
        return route.id() + "/" + rule.name();
    }

    private RouteAction action(RouteSpec route, RuleSpec rule, MatchSpec match) {
        List<FilterSpec> deciding = new ArrayList<>(rule.filters());
        List<BackendSpec> backends = rule.backends().stream().filter(b -> b.weight() > 0).toList();
        if (backends.size() == 1) {
            deciding.addAll(backends.getFirst().filters());
        }
        for (FilterSpec filter : deciding) {
            if (filter instanceof FilterSpec.Unknown unknown) {
                return unavailable("filter " + unknown.type() + " is not known", unknown.origin());
            }
        }
        for (FilterSpec filter : deciding) {
            if (filter instanceof FilterSpec.Redirect redirect) {
                return redirect(redirect, match.prefix());
            }
        }
        if (backends.isEmpty()) {
            return unavailable("the rule has no backend", rule.origin());
        }
        return new RouteAction.Forward(destinations(route, rule, match));
    }

    private static RouteAction unavailable(String reason, Origin origin) {
        return new RouteAction.Forward(
                List.of(
                        new WeightedDestination(
                                1,
                                new Destination.Unavailable(SERVER_ERROR, reason),
                                List.of(),
                                origin)));
    }

    /** Without a port: the scheme's own where one is written, else that of the listener. */
    private RouteAction redirect(FilterSpec.Redirect redirect, @Nullable String prefix) {
        Integer target = redirect.port();
        if (target == null) {
            target = redirect.scheme() == null ? port : 0;
        }
        return new RouteAction.Redirect(
                redirect.status(),
                redirect.scheme(),
                redirect.hostname(),
                target,
                redirect.path() == null ? null : redirect.path().after(prefix));
    }

    private List<WeightedDestination> destinations(
            RouteSpec route, RuleSpec rule, @Nullable MatchSpec match) {
        List<Target> targets = new ArrayList<>();
        Map<Origin, String> reasons = new HashMap<>();
        for (BackendSpec backend : rule.backends()) {
            if (backend.weight() == 0) {
                continue;
            }
            ObjectRef ref = backend.ref();
            Optional<Flaw> flaw = references.check(route, ref);
            boolean known =
                    backend.filters().stream().noneMatch(FilterSpec.Unknown.class::isInstance);
            flaw.ifPresent(f -> reasons.put(ref.origin(), f.message()));
            targets.add(
                    new Target(
                            flaw.isPresent() || !known ? NOWHERE : ref.host(),
                            ref.port(),
                            "",
                            backend.weight(),
                            match == null ? List.of() : filters(route, backend.filters(), match),
                            ref.origin()));
        }
        if (targets.isEmpty()) {
            return ((RouteAction.Forward) unavailable("the rule has no backend", rule.origin()))
                    .destinations();
        }
        return linker.link(targets).stream().map(d -> withReason(d, reasons)).toList();
    }

    private static WeightedDestination withReason(
            WeightedDestination linked, Map<Origin, String> reasons) {
        if (!(linked.destination() instanceof Destination.Unavailable gone)) {
            return linked;
        }
        return new WeightedDestination(
                linked.weight(),
                new Destination.Unavailable(
                        SERVER_ERROR, reasons.getOrDefault(linked.origin(), gone.reason())),
                List.of(),
                linked.origin());
    }

    private List<Filter> filters(RouteSpec route, List<FilterSpec> specs, MatchSpec match) {
        List<Filter> filters = new ArrayList<>();
        for (FilterSpec spec : specs) {
            switch (spec) {
                case FilterSpec.Ready(var filter) -> filters.add(filter);
                case FilterSpec.Rewrite rewrite ->
                        filters.add(
                                new Filter.Rewrite(
                                        rewrite.path() == null
                                                ? null
                                                : rewrite.path().after(match.prefix()),
                                        rewrite.hostname(),
                                        rewrite.origin()));
                case FilterSpec.Mirror mirror -> mirror(route, mirror).ifPresent(filters::add);
                case FilterSpec.Redirect _, FilterSpec.Unknown _ -> {
                    // They decide the route's action.
                }
            }
        }
        return filters;
    }

    private Optional<Filter> mirror(RouteSpec route, FilterSpec.Mirror mirror) {
        ObjectRef ref = mirror.backend();
        if (references.check(route, ref).isPresent()) {
            return Optional.empty();
        }
        Target target = new Target(ref.host(), ref.port(), "", 1, List.of(), ref.origin());
        return linker.cluster(target)
                .map(cluster -> new Filter.Mirror(cluster, mirror.share(), mirror.origin()));
    }
}
