package io.weft.engine.explain;

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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers "why" with the data plane's own compiled code: the caller's side (gateway policies,
 * route), the connection, the callee's side (token, policies). Stops where the request would.
 * Thread-safe.
 */
public final class Explainer {

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
        return new Explanation(seen.gateway, seen.route, seen.mtls, seen.server, end);
    }

    private SampleRequest clientSide(ExplainInput input, SampleRequest raw, Collected seen) {
        WorkloadConfig workload = workload(input.client());
        SampleRequest request = normalised(raw, workload, seen);
        if (seen.end != null) {
            return request;
        }
        RouteExplainer routes = new RouteExplainer(input.client());
        RouteTable table;
        if (workload != null && !workload.servers().isEmpty()) {
            GatewayServer server = server(workload, request);
            seen.gateway =
                    new GuardExplainer(input.client(), clock)
                            .explain(workload.gatewayJwt(), workload.gatewayAuthz(), request);
            if (seen.gateway.decision().result() != Explanation.Result.ALLOWED) {
                seen.end = seen.gateway.decision();
                return request;
            }
            table = server == null ? null : routes.table(server.routes());
        } else {
            table = routes.tableOf(request);
        }
        seen.route = table == null ? null : routes.choose(table, request);
        if (seen.route == null) {
            String what = table == null ? "no route table for " : "no route matches at ";
            seen.end =
                    new Explanation.Decision(
                            Explanation.Result.NO_ROUTE,
                            404,
                            what + request.authority(),
                            Origin.builtIn("no route"));
        } else if (seen.route.answers() != 0) {
            seen.end =
                    new Explanation.Decision(
                            Explanation.Result.ANSWERED,
                            seen.route.answers(),
                            "the proxy " + seen.route.action() + " itself",
                            answeredBy(seen.route));
        }
        return request;
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
        Cluster cluster =
                seen.route == null ? null : connections.cluster(seen.route.destinations());
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
        arrived = normalised(arrived, workload, seen);
        if (seen.end == null) {
            seen.server =
                    new GuardExplainer(input.server(), clock)
                            .explain(port.jwt(), port.authz(), arrived);
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
        private Explanation.@Nullable Mtls mtls;
        private Explanation.@Nullable Guard server;
        private Explanation.@Nullable Decision end;
    }
}
