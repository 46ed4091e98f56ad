package io.weft.engine.route;

import io.weft.engine.RandomSource;
import io.weft.engine.RequestFacts;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A virtual host's routes; long lists are indexed by path. */
final class CompiledHost {

    /** Below this a plain scan is quicker than the index. */
    private static final int INDEX_FROM = 8;

    private final VirtualHost host;
    private final RequestPredicate[] predicates;
    private final Choice[] choices;
    private final @Nullable PathIndex index;

    private CompiledHost(
            VirtualHost host,
            RequestPredicate[] predicates,
            Choice[] choices,
            @Nullable PathIndex index) {
        this.host = host;
        this.predicates = predicates;
        this.choices = choices;
        this.index = index;
    }

    static CompiledHost compile(VirtualHost host, List<RouteDecision> decisions) {
        List<Route> routes = host.routes();
        RequestPredicate[] predicates =
                routes.stream()
                        .map(r -> Matchers.compile(r.match()))
                        .toArray(RequestPredicate[]::new);
        Choice[] choices =
                routes.stream().map(r -> Choice.of(host, r, decisions)).toArray(Choice[]::new);
        PathIndex index =
                routes.size() < INDEX_FROM
                        ? null
                        : PathIndex.build(routes.stream().map(Route::match).toList());
        return new CompiledHost(host, predicates, choices, index);
    }

    VirtualHost host() {
        return host;
    }

    @Nullable RouteDecision match(RequestFacts facts, RandomSource random) {
        int found = index == null ? scan(facts) : index.first(facts, predicates);
        return found == PathIndex.NONE ? null : choices[found].pick(random);
    }

    private int scan(RequestFacts facts) {
        for (int i = 0; i < predicates.length; i++) {
            if (predicates[i].test(facts)) {
                return i;
            }
        }
        return PathIndex.NONE;
    }

    /** The decisions of one route, made beforehand. */
    private record Choice(@Nullable Weights weights, RouteDecision[] decisions) {

        static Choice of(VirtualHost host, Route route, List<RouteDecision> all) {
            int first = all.size();
            Weights weights = null;
            if (route.action() instanceof RouteAction.Forward(var destinations)) {
                weights = new Weights(destinations);
                destinations.forEach(d -> all.add(new RouteDecision(all.size(), host, route, d)));
            } else {
                all.add(new RouteDecision(first, host, route, null));
            }
            List<RouteDecision> own = new ArrayList<>(all.subList(first, all.size()));
            return new Choice(weights, own.toArray(RouteDecision[]::new));
        }

        RouteDecision pick(RandomSource random) {
            return decisions[weights == null ? 0 : weights.pick(random)];
        }
    }
}
