package io.weft.dataplane.http;

import io.weft.dataplane.upstream.Target;
import io.weft.engine.path.PathRewriter;
import io.weft.engine.retry.RetryDecider;
import io.weft.engine.route.RouteDecision;
import io.weft.model.Origin;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A route (and the share of it that was chosen), compiled to what is done with a request.
 *
 * @param filters in order, the share's own last
 * @param gatewayFilters for the lane; empty for most routes
 * @param hedge null where one attempt is under way at a time
 */
public record RoutePlan(
        String name,
        Origin origin,
        Action action,
        List<RequestFilter> filters,
        List<Filter.Gateway> gatewayFilters,
        Timeouts timeouts,
        @Nullable RetryDecider retry,
        Filter.@Nullable Hedge hedge) {

    /** What is done behind the filters. */
    public sealed interface Action {

        record Forward(Target target) implements Action {}

        record Unavailable(int status, String reason, Origin origin) implements Action {}

        record Redirect(RouteAction.Redirect redirect, @Nullable PathRewriter path)
                implements Action {}

        record Direct(RouteAction.DirectResponse response, HeaderChangesRef headers)
                implements Action {}
    }

    /** Compiled header operations, opaque outside this package. */
    public static final class HeaderChangesRef {
        final HeaderChanges changes;

        HeaderChangesRef(HeaderChanges changes) {
            this.changes = changes;
        }
    }

    /** A plan that forwards and does nothing else. */
    public static RoutePlan forward(String name, Origin origin, Target target) {
        return new RoutePlan(
                name,
                origin,
                new Action.Forward(target),
                List.of(),
                List.of(),
                Timeouts.NONE,
                null,
                null);
    }

    /** The same with filters in front. */
    public RoutePlan with(Filters compiler, List<Filter> models) {
        return new RoutePlan(
                name,
                origin,
                action,
                compiler.compile(models),
                gatewayFilters,
                timeouts,
                retry,
                hedge);
    }

    /**
     * Compiles one decision of a route table.
     *
     * @throws IllegalArgumentException when something of it cannot be used
     */
    public static RoutePlan compile(
            RouteDecision decision, Filters filters, Function<String, ? extends Target> targets) {
        Route route = decision.route();
        WeightedDestination share = decision.destination();
        List<Filter> all = new ArrayList<>(route.filters());
        if (share != null) {
            all.addAll(share.filters());
        }
        List<Filter.Gateway> gateway =
                all.stream()
                        .filter(Filter.Gateway.class::isInstance)
                        .map(Filter.Gateway.class::cast)
                        .toList();
        return new RoutePlan(
                route.name(),
                route.origin(),
                action(route, share, targets),
                filters.compile(all),
                gateway,
                route.timeouts(),
                route.retry() == null ? null : RetryDecider.compile(route.retry()),
                all.stream()
                        .filter(Filter.Hedge.class::isInstance)
                        .map(Filter.Hedge.class::cast)
                        .findFirst()
                        .orElse(null));
    }

    private static Action action(
            Route route,
            @Nullable WeightedDestination share,
            Function<String, ? extends Target> targets) {
        return switch (route.action()) {
            case RouteAction.Forward forward -> destination(share, targets);
            case RouteAction.Redirect redirect ->
                    new Action.Redirect(
                            redirect,
                            redirect.path() == null ? null : PathRewriter.compile(redirect.path()));
            case RouteAction.DirectResponse response ->
                    new Action.Direct(
                            response,
                            new HeaderChangesRef(HeaderChanges.compile(response.headers())));
        };
    }

    private static Action destination(
            @Nullable WeightedDestination share, Function<String, ? extends Target> targets) {
        if (share == null) {
            throw new IllegalArgumentException("route: forwards without a destination");
        }
        return switch (share.destination()) {
            case Destination.ToCluster(var name) -> new Action.Forward(targets.apply(name));
            case Destination.Unavailable(var status, var reason) ->
                    new Action.Unavailable(status, reason, share.origin());
        };
    }
}
