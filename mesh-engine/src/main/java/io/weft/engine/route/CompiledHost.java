package io.weft.engine.route;

import io.weft.engine.RandomSource;
import io.weft.engine.RequestFacts;
import io.weft.engine.match.MatchIndex;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.model.match.Match;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A virtual host's routes; long lists are indexed. */
final class CompiledHost {

    private final VirtualHost host;
    private final MatchIndex matches;
    private final Choice[] choices;

    private CompiledHost(VirtualHost host, MatchIndex matches, Choice[] choices) {
        this.host = host;
        this.matches = matches;
        this.choices = choices;
    }

    static CompiledHost compile(VirtualHost host, List<RouteDecision> decisions) {
        List<Route> routes = host.routes();
        Choice[] choices =
                routes.stream().map(r -> Choice.of(host, r, decisions)).toArray(Choice[]::new);
        List<Match> matches = routes.stream().map(Route::match).toList();
        List<RequestPredicate> predicates = matches.stream().map(Matchers::compile).toList();
        return new CompiledHost(host, MatchIndex.of(matches, predicates), choices);
    }

    VirtualHost host() {
        return host;
    }

    @Nullable RouteDecision match(RequestFacts facts, RandomSource random) {
        int found = matches.first(facts, 0);
        return found == MatchIndex.NONE ? null : choices[found].pick(random);
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
