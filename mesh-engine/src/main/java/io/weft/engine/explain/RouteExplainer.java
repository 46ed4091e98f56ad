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

    /**
     * A route and what it makes of the request.
     *
     * @param share the part of the route that is followed, null when it does not forward
     */
    record Taken(
            Explanation.RouteChoice choice,
            @Nullable WeightedDestination share,
            SampleRequest forwarded) {

        /** The name of what is followed, empty when nothing is. */
        String destination() {
            return share == null ? "" : name(share.destination());
        }
    }

    /**
     * The route in a table, null when none matches.
     *
     * @param destination the share to follow, empty for the one that gets the most
     */
    @Nullable Taken choose(RouteTable table, SampleRequest request, String destination) {
        CompiledRoutes compiled = CompiledRoutes.compile(table);
        if (!request.isHttp()) {
            TcpDecision tcp = compiled.matchTcp(request, bound -> 0);
            return tcp == null
                    ? null
                    : new Taken(
                            tcp(table, tcp),
                            followed(tcp.route().destinations(), destination),
                            request);
        }
        RouteDecision decision = compiled.match(request, bound -> 0);
        return decision == null ? null : http(table, decision, request, destination);
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

    private Taken http(
            RouteTable table, RouteDecision decision, SampleRequest request, String wanted) {
        Route route = decision.route();
        Way way = new Way(request);
        route.filters().forEach(way::through);
        List<WeightedDestination> destinations =
                route.action() instanceof RouteAction.Forward(var all) ? all : List.of();
        WeightedDestination share = followed(destinations, wanted);
        // Every share's filters are listed, but only those of the followed one change the request.
        SampleRequest forwarded = way.now;
        SampleRequest beforeShares = way.now;
        for (WeightedDestination each : destinations) {
            way.now = beforeShares;
            each.filters().forEach(way::through);
            if (each == share) {
                forwarded = way.now;
            }
        }
        Duration timeout = route.timeouts().request();
        int answers = way.aborts != 0 ? way.aborts : answers(route.action());
        boolean answersItself = answers != 0 && route.action() instanceof RouteAction.Forward;
        return new Taken(
                new Explanation.RouteChoice(
                        table.name(),
                        decision.host().name(),
                        decision.host().origin(),
                        route.name(),
                        route.origin(),
                        request.path(),
                        answersItself ? "answers with " + answers : action(route.action()),
                        shares(destinations),
                        way.uses,
                        timeout == null ? "" : timeout.toString(),
                        retries(route.retry()),
                        answers),
                share,
                forwarded);
    }

    /** A request on its way through the filters of a route, in order. */
    private static final class Way {
        private final List<Explanation.FilterUse> uses = new ArrayList<>();
        private SampleRequest now;

        /** The status of a fault that takes every request, 0 without one. */
        private int aborts;

        Way(SampleRequest request) {
            now = request;
        }

        void through(Filter filter) {
            Explanation.FilterUse use = use(filter, now);
            uses.add(use);
            if (aborts == 0
                    && filter instanceof Filter.Abort abort
                    && use.applies()
                    && abort.share().partsPerMillion() >= ALL) {
                aborts = abort.grpcStatus() == null ? abort.status() : GRPC_ANSWER;
            }
            now = SentRequest.after(filter, now);
        }
    }

    /** The named share, else the one with the largest weight; what cannot answer comes last. */
    private static @Nullable WeightedDestination followed(
            List<WeightedDestination> destinations, String wanted) {
        WeightedDestination best = null;
        for (WeightedDestination each : destinations) {
            if (!wanted.isEmpty() && name(each.destination()).equals(wanted)) {
                return each;
            }
            if (best == null || rank(each) > rank(best)) {
                best = each;
            }
        }
        return best;
    }

    private static long rank(WeightedDestination share) {
        boolean able = share.destination() instanceof Destination.ToCluster && share.weight() > 0;
        return share.weight() + (able ? 1L << 32 : 0);
    }

    /** Zero when it forwards, at least some of the requests. */
    private static int answers(RouteAction action) {
        return switch (action) {
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
            case Filter.GlobalRateLimit limit ->
                    always(
                            kind,
                            limit.requests() + " per " + limit.per() + " of all proxies",
                            filter);
            case Filter.SizeLimit(var asked, var answered, var origin) ->
                    always(
                            kind,
                            "request " + bytes(asked) + ", response " + bytes(answered),
                            filter);
            case Filter.Concurrency(var min, var max, var origin) ->
                    always(kind, min + " to " + max + " under way", filter);
            case Filter.Compression(var algorithms, var min, var types, var origin) ->
                    always(kind, String.join(", ", algorithms), filter);
            case Filter.Hedge(var delay, var most, var origin) ->
                    always(kind, "up to " + most + " attempts, each after " + delay, filter);
            case Filter.Gateway(var name, var args, var origin) -> always(kind, name, filter);
        };
    }

    private static String bytes(long limit) {
        return limit == 0 ? "unbounded" : limit + " bytes";
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
