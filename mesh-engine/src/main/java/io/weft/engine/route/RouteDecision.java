package io.weft.engine.route;

import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import org.jspecify.annotations.Nullable;

/**
 * What a route table says about a request. Decisions are made once per table and shared by all
 * requests, so what a caller compiles for one can be kept in an array by {@link #id}.
 *
 * @param id dense, from 0 to {@link CompiledRoutes#decisions()}{@code .size() - 1}, unique in its
 *     table
 * @param destination the share that was chosen; null when the action does not forward
 */
public record RouteDecision(
        int id, VirtualHost host, Route route, @Nullable WeightedDestination destination) {

    public RouteAction action() {
        return route.action();
    }
}
