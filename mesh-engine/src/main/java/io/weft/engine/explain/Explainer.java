package io.weft.engine.explain;

import io.weft.engine.ForwardedFor;
import io.weft.engine.MeshClock;
import io.weft.engine.SampleRequest;
import io.weft.engine.path.PathNormalizer;
import io.weft.model.Origin;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.PathNormalization;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.WeightedDestination;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers "why" with the data plane's own compiled code: the caller's side (gateway policies,
 * route), the connection, the callee's side (token, policies). Stops where the request would.
 * Thread-safe.
 */
public final class Explainer {

    private static final int MOVED = 301;
    private static final int NOT_FOUND = 404;

    private final MeshClock clock;

    /** With the clock that tokens are checked against. */
    public Explainer(MeshClock clock) {
        this.clock = clock;
    }

    /**
     * Explains.
     *
     * @throws IllegalArgumentException when the configuration itself cannot be compiled
     */
    public Explanation explain(ExplainInput input) {
        Collected seen = new Collected();
        SampleRequest request = input.request();
        if (!input.client().isEmpty()) {
            request = clientSide(input, request, seen);
        }
        if (seen.end == null && !input.server().isEmpty()) {
            serverSide(input, request, seen);
        }
        Explanation.Decision end =
                seen.end != null
                        ? seen.end
                        : new Explanation.Decision(
                                Explanation.Result.ALLOWED,
                                200,
                                "forwarded",
                                seen.route == null
                                        ? Origin.builtIn("nothing was asked")
                                        : seen.route.routeOrigin());
        return new Explanation(seen.gateway, seen.route, seen.sent, seen.mtls, seen.server, end);
    }

    private SampleRequest clientSide(ExplainInput input, SampleRequest raw, Collected seen) {
        WorkloadConfig workload = workload(input.client());
        GatewayServer server = null;
        boolean gateway = workload != null && !workload.servers().isEmpty();
        if (workload != null && gateway) {
            server = server(workload, raw);
            atServer(server, raw, seen);
        }
        SampleRequest request = seen.end == null ? normalised(raw, workload, seen) : raw;
        SampleRequest forwarded = request;
        if (workload != null && gateway && seen.end == null) {
            GuardExplainer.Passage passage =
                    new GuardExplainer(input.client(), clock)
                            .explain(workload.gatewayJwt(), workload.gatewayAuthz(), request);
            seen.gateway = passage.guard();
            if (seen.gateway.decision().result() != Explanation.Result.ALLOWED) {
                seen.end = seen.gateway.decision();
            }
            request = passage.request();
            forwarded = passage.forwarded();
        }
        if (seen.end != null) {
            return request;
        }
        RouteExplainer routes = new RouteExplainer(input.client());
        RouteTable table = server == null ? routes.tableOf(request) : routes.table(server.routes());
        RouteExplainer.Taken taken =
                table == null ? null : routes.choose(table, request, input.destination());
        if (taken == null) {
            String what = table == null ? "no route table for " : "no route matches at ";
            seen.end = noRoute(what + request.authority());
            return request;
        }
        seen.route = taken.choice();
        seen.end = answer(taken);
        if (seen.end == null) {
            seen.destination = taken.destination();
            seen.sent = sent(taken, request);
        }
        // What the gateway took out of the request stays out; its own token is not the callee's.
        return taken.forwarded().withToken(forwarded.token());
    }

    /** What the proxy says itself instead of forwarding, null when it forwards. */
    private static Explanation.@Nullable Decision answer(RouteExplainer.Taken taken) {
        Explanation.RouteChoice route = taken.choice();
        WeightedDestination share = taken.share();
        boolean aborted = !answeredBy(route).equals(route.routeOrigin());
        if (!aborted
                && share != null
                && share.destination() instanceof Destination.Unavailable(var status, var reason)) {
            return new Explanation.Decision(
                    Explanation.Result.ANSWERED, status, reason, share.origin());
        }
        return route.answers() == 0
                ? null
                : new Explanation.Decision(
                        Explanation.Result.ANSWERED,
                        route.answers(),
                        "the proxy " + route.action() + " itself",
                        answeredBy(route));
    }

    private static Explanation.Sent sent(RouteExplainer.Taken taken, SampleRequest before) {
        SampleRequest after = taken.forwarded();
        Map<String, String> changed = new HashMap<>();
        before.headers().keySet().stream()
                .filter(name -> !after.headers().containsKey(name))
                .forEach(name -> changed.put(name, ""));
        after.headers()
                .forEach((name, value) -> {
                    if (!value.equals(before.headers().get(name))) {
                        changed.put(name, value);
                    }
                });
        List<String> unknown =
                taken.choice().filters().stream()
                        .filter(use -> use.kind().equals("Gateway"))
                        .map(Explanation.FilterUse::detail)
                        .toList();
        return new Explanation.Sent(
                taken.destination(),
                after.isHttp() ? after.authority() : "",
                after.isHttp() ? after.target() : "",
                changed,
                unknown);
    }

    /** What a gateway decides before anything else: whether it serves the host, and how. */
    private static void atServer(
            @Nullable GatewayServer server, SampleRequest request, Collected seen) {
        if (server == null) {
            seen.end = noRoute("no server of the gateway takes " + request.authority());
        } else if (server.httpsRedirect() && request.scheme().equals("http")) {
            seen.end =
                    new Explanation.Decision(
                            Explanation.Result.ANSWERED,
                            MOVED,
                            "the gateway redirects to https",
                            server.origin());
        }
    }

    private static Explanation.Decision noRoute(String why) {
        return new Explanation.Decision(
                Explanation.Result.NO_ROUTE, NOT_FOUND, why, Origin.builtIn("no route"));
    }

    /** A fault that aborts, else the route itself. */
    private static Origin answeredBy(Explanation.RouteChoice route) {
        return route.filters().stream()
                .filter(use -> use.applies() && use.kind().equals("Abort"))
                .map(Explanation.FilterUse::origin)
                .findFirst()
                .orElse(route.routeOrigin());
    }

    private void serverSide(ExplainInput input, SampleRequest sent, Collected seen) {
        WorkloadConfig workload = workload(input.server());
        if (workload == null) {
            return;
        }
        InboundPort port = port(workload, input.serverPort());
        boolean mutual = input.client().isEmpty() && input.clientIdentity() != null;
        MtlsExplainer connections = new MtlsExplainer(input.client());
        Cluster cluster = connections.cluster(seen.destination);
        if (cluster != null) {
            seen.mtls = connections.explain(cluster, port);
            mutual = connections.isMutual(cluster, port.mtls());
            if (!seen.mtls.fits()) {
                seen.end =
                        new Explanation.Decision(
                                Explanation.Result.DENIED,
                                503,
                                "the client sends "
                                        + seen.mtls.client()
                                        + " and the server is "
                                        + port.mtls(),
                                port.mtlsOrigin());
                return;
            }
        }
        SampleRequest arrived =
                sent.withPeer(mutual ? input.clientIdentity() : null, input.serverPort());
        byte[] first = ForwardedFor.last(arrived.header("x-forwarded-for"));
        if (first != null) {
            arrived = arrived.withRemoteIp(first);
        }
        arrived = normalised(arrived, workload, seen);
        if (seen.end == null) {
            seen.server =
                    new GuardExplainer(input.server(), clock)
                            .explain(port.jwt(), port.authz(), arrived)
                            .guard();
            seen.end = seen.server.decision();
        }
    }

    private static SampleRequest normalised(
            SampleRequest request, @Nullable WorkloadConfig workload, Collected seen) {
        if (!request.isHttp()) {
            return request;
        }
        PathNormalization mode =
                workload == null ? PathNormalization.BASE : workload.pathNormalization();
        String path = PathNormalizer.normalize(request.path(), mode);
        if (path == null) {
            seen.end =
                    new Explanation.Decision(
                            Explanation.Result.DENIED,
                            400,
                            PathNormalizer.refusal(request.path(), mode),
                            Origin.builtIn("path normalisation " + mode));
            return request;
        }
        return request.withPath(path);
    }

    /** The server of the request's port whose hosts are the most specific for it. */
    private static @Nullable GatewayServer server(WorkloadConfig workload, SampleRequest request) {
        GatewayServer best = null;
        int bestLength = -1;
        for (GatewayServer server : workload.servers()) {
            int length = GatewayHosts.longestMatch(server.hosts(), request.authority());
            if (server.port() == request.destinationPort() && length > bestLength) {
                best = server;
                bestLength = length;
            }
        }
        return best;
    }

    private static InboundPort port(WorkloadConfig workload, int number) {
        return workload.inbound().stream()
                .filter(p -> p.port() == number)
                .findFirst()
                .orElse(workload.undeclared());
    }

    private static @Nullable WorkloadConfig workload(Map<String, MeshResource> resources) {
        return resources.get(ResourceKeys.WORKLOAD) instanceof WorkloadConfig config
                ? config
                : null;
    }

    /** What has been found so far; {@code end} stops the walk. */
    private static final class Collected {
        private Explanation.@Nullable Guard gateway;
        private Explanation.@Nullable RouteChoice route;
        private Explanation.@Nullable Sent sent;
        private String destination = "";
        private Explanation.@Nullable Mtls mtls;
        private Explanation.@Nullable Guard server;
        private Explanation.@Nullable Decision end;
    }
}
