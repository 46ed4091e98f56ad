package io.weft.dataplane.snapshot;

import io.weft.dataplane.http.Filters;
import io.weft.dataplane.http.RoutePlan;
import io.weft.dataplane.upstream.ClusterRef;
import io.weft.dataplane.upstream.Target;
import io.weft.engine.RandomSource;
import io.weft.engine.RequestFacts;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.RouteDecision;
import io.weft.engine.route.TcpDecision;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The compiled routes of one destination or gateway port. */
public final class OutboundTable {

    private final CompiledRoutes routes;
    private final List<RoutePlan> plans;
    private final Function<String, ClusterRef> clusters;

    private OutboundTable(
            CompiledRoutes routes, List<RoutePlan> plans, Function<String, ClusterRef> clusters) {
        this.routes = routes;
        this.plans = plans;
        this.clusters = clusters;
    }

    static OutboundTable compile(
            RouteTable table, Filters filters, Function<String, ClusterRef> clusters) {
        CompiledRoutes routes = CompiledRoutes.compile(table);
        List<RoutePlan> plans =
                routes.decisions().stream()
                        .map(decision -> RoutePlan.compile(decision, filters, clusters))
                        .toList();
        return new OutboundTable(routes, plans, clusters);
    }

    public RouteTable table() {
        return routes.table();
    }

    public CompiledRoutes routes() {
        return routes;
    }

    /** The plan for a request, null when no route matches. */
    public @Nullable RoutePlan match(RequestFacts facts, RandomSource random) {
        RouteDecision decision = routes.match(facts, random);
        return decision == null ? null : plans.get(decision.id());
    }

    /** Where an opaque connection goes, null when no route matches. */
    public @Nullable TcpPlan matchTcp(RequestFacts facts, RandomSource random) {
        TcpDecision decision = routes.matchTcp(facts, random);
        if (decision == null) {
            return null;
        }
        return switch (decision.destination().destination()) {
            case Destination.ToCluster(var name) -> new TcpPlan(decision, clusters.apply(name));
            case Destination.Unavailable unavailable -> null;
        };
    }

    /** A TCP route and its target. */
    public record TcpPlan(TcpDecision decision, Target target) {}
}
