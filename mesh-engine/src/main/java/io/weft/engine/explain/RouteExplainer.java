package io.weft.engine.explain;

import io.weft.engine.AsciiCase;
import io.weft.engine.SampleRequest;
import io.weft.engine.match.Authorities;
import io.weft.engine.match.Matchers;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.RouteDecision;
import io.weft.engine.route.TcpDecision;
import io.weft.model.match.Match;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.WeightedDestination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains which route a request takes. */
final class RouteExplainer {

    private static final int ALL = 1_000_000;

    /** gRPC tells its status in a header of an answer that is fine for HTTP. */
    private static final int GRPC_ANSWER = 200;

    private final Map<String, MeshResource> resources;

    RouteExplainer(Map<String, MeshResource> resources) {
        this.resources = resources;
    }

    /** The table that a sidecar asks for, by the authority and its explicit or default port. */
    @Nullable RouteTable tableOf(SampleRequest request) {
        String authority = AsciiCase.lower(request.authority());
        boolean hasPort =
                Authorities.host(authority).length() < authority.length()
                        && !authority.endsWith(".");
        String name = hasPort ? authority : authority + ":" + request.destinationPort();
        return table(name);
    }

    @Nullable RouteTable table(String name) {
        return resources.get(ResourceKeys.routes(name)) instanceof RouteTable table ? table : null;
    }

    /** The route in a table, null when none matches. */
    Explanation.@Nullable RouteChoice choose(RouteTable table, SampleRequest request) {
        CompiledRoutes compiled = CompiledRoutes.compile(table);
        if (!request.isHttp()) {
            TcpDecision tcp = compiled.matchTcp(request, bound -> 0);
            return tcp == null ? null : tcp(table, tcp);
        }
        RouteDecision decision = compiled.match(request, bound -> 0);
        return decision == null ? null : http(table, decision, request);
    }

    private Explanation.RouteChoice tcp(RouteTable table, TcpDecision tcp) {
        Duration idle = tcp.route().idleTimeout();
        return new Explanation.RouteChoice(
                table.name(),
                "",
                tcp.route().origin(),
                tcp.route().name(),
                tcp.route().origin(),
                "",
                idle == null ? "forwards the connection" : "forwards the connection, idle " + idle,
                shares(tcp.route().destinations()),
                List.of(),
                "",
                null,
                0);
    }

    private Explanation.RouteChoice http(
            RouteTable table, RouteDecision decision, SampleRequest request) {
        Route route = decision.route();
        List<Explanation.FilterUse> filters = new ArrayList<>();
        route.filters().forEach(filter -> filters.add(use(filter, request)));
        List<Explanation.Share> shares = List.of();
        if (route.action() instanceof RouteAction.Forward(var destinations)) {
            shares = shares(destinations);
            destinations.forEach(d -> d.filters().forEach(f -> filters.add(use(f, request))));
        }
        Duration timeout = route.timeouts().request();
        int answers = answers(route, request);
        boolean answersItself = answers != 0 && route.action() instanceof RouteAction.Forward;
        return new Explanation.RouteChoice(
                table.name(),
                decision.host().name(),
                decision.host().origin(),
                route.name(),
                route.origin(),
                request.path(),
                answersItself ? "answers with " + answers : action(route.action()),
                shares,
                filters,
                timeout == null ? "" : timeout.toString(),
                retries(route.retry()),
                answers);
    }

    /** Zero when it forwards, at least some of the requests. */
    private static int answers(Route route, SampleRequest request) {
        for (Filter filter : route.filters()) {
            if (filter instanceof Filter.Abort(var status, var grpc, var share, var when, var origin)
                    && share.partsPerMillion() >= ALL
                    && Matchers.compile(when).test(request)) {
                return grpc == null ? status : GRPC_ANSWER;
            }
        }
        return switch (route.action()) {
            case RouteAction.Forward(var destinations) -> unavailable(destinations);
            case RouteAction.Redirect redirect -> redirect.status();
            case RouteAction.DirectResponse(var status, var body, var headers) -> status;
        };
    }

    /** The status of a route none of whose destinations exists, else zero. */
    private static int unavailable(List<WeightedDestination> destinations) {
        int status = 0;
        for (WeightedDestination each : destinations) {
            if (each.weight() > 0) {
                if (!(each.destination() instanceof Destination.Unavailable(var answer, var why))) {
                    return 0;
                }
                status = answer;
            }
        }
        return status;
    }

    private List<Explanation.Share> shares(List<WeightedDestination> destinations) {
        double total = destinations.stream().mapToLong(WeightedDestination::weight).sum();
        return destinations.stream()
                .map(d ->
                        new Explanation.Share(
                                name(d.destination()),
                                d.weight(),
                                100 * d.weight() / total,
                                endpoints(d.destination()),
                                d.origin()))
                .toList();
    }

    private static String name(Destination destination) {
        return switch (destination) {
            case Destination.ToCluster(var cluster) -> cluster;
            case Destination.Unavailable(var status, var reason) -> status + " " + reason;
        };
    }

    private int endpoints(Destination destination) {
        if (!(destination instanceof Destination.ToCluster(var name))
                || !(resources.get(ResourceKeys.cluster(name)) instanceof Cluster cluster)) {
            return 0;
        }
        int count = 0;
        for (String set : cluster.endpoints()) {
            if (resources.get(ResourceKeys.endpoints(set)) instanceof EndpointSet endpoints) {
                count +=
                        (int)
                                endpoints.endpoints().stream()
                                        .filter(e ->
                                                e.labels()
                                                        .entrySet()
                                                        .containsAll(
                                                                cluster.subsetLabels().entrySet()))
                                        .count();
            }
        }
        return count;
    }

    private static String action(RouteAction action) {
        return switch (action) {
            case RouteAction.Forward ignored -> "forwards";
            case RouteAction.Redirect redirect -> "redirects with " + redirect.status();
            case RouteAction.DirectResponse(var status, var body, var headers) ->
                    "answers with " + status;
        };
    }

    private static Explanation.@Nullable Retries retries(@Nullable RetryPolicy policy) {
        if (policy == null) {
            return null;
        }
        Duration perTry = policy.perTryTimeout();
        return new Explanation.Retries(
                policy.retries(),
                policy.on().stream().map(Enum::name).toList(),
                perTry == null ? "" : perTry.toString(),
                policy.origin());
    }

    private static Explanation.FilterUse use(Filter filter, SampleRequest request) {
        String kind = filter.getClass().getSimpleName();
        return switch (filter) {
            case Filter.Headers(var to, var from, var origin) ->
                    always(kind, to.size() + " request, " + from.size() + " response", filter);
            case Filter.Rewrite(var path, var authority, var origin) ->
                    always(kind, "path " + path + ", authority " + authority, filter);
            case Filter.Mirror(var cluster, var share, var origin) ->
                    always(kind, cluster + " " + percent(share), filter);
            case Filter.Delay(var delay, var share, var when, var origin) ->
                    when(kind, delay + " " + percent(share), when, filter, request);
            case Filter.Abort(var status, var grpc, var share, var when, var origin) ->
                    when(
                            kind,
                            (grpc == null ? "" + status : "gRPC " + grpc) + " " + percent(share),
                            when,
                            filter,
                            request);
            case Filter.Cors cors -> always(kind, cors.allowOrigins().size() + " origins", filter);
            case Filter.LocalRateLimit limit ->
                    always(kind, limit.tokens() + " per " + limit.per(), filter);
            case Filter.Gateway(var name, var args, var origin) -> always(kind, name, filter);
        };
    }

    private static Explanation.FilterUse always(String kind, String detail, Filter filter) {
        return new Explanation.FilterUse(kind, detail, true, filter.origin());
    }

    private static Explanation.FilterUse when(
            String kind, String detail, Match when, Filter filter, SampleRequest request) {
        boolean applies = Matchers.compile(when).test(request);
        return new Explanation.FilterUse(kind, detail, applies, filter.origin());
    }

    private static String percent(Fraction share) {
        return share.partsPerMillion() / 10_000.0 + " %";
    }
}
