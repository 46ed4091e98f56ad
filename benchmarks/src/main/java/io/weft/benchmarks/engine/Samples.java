package io.weft.benchmarks.engine;

import io.weft.engine.SampleRequest;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.SpiffeId;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.List;

/** Configurations and requests of the size that a benchmark asks for. */
final class Samples {

    static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "Benchmark", "bench", "engine", "bench.yaml", 1);
    private static final SpiffeId CALLER = new SpiffeId("cluster.local", "bench", "caller");

    private Samples() {}

    /** A GET with the headers that a browser's request has inside a mesh. */
    static SampleRequest request(String authority, String path) {
        return SampleRequest.http("GET", path)
                .authority(authority)
                .peer(CALLER)
                .header("accept", "*/*")
                .header("user-agent", "benchmark")
                .header("x-request-id", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736")
                .build();
    }

    /** One host with routes {@code /service-N/} in order; all methods, by prefix. */
    static RouteTable routes(int count) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routes.add(
                    new Route(
                            "route-" + i,
                            new Match.Path(new StringMatch.Prefix("/service-" + i + "/")),
                            forward("cluster-" + i),
                            List.of(),
                            Timeouts.NONE,
                            null,
                            ORIGIN));
        }
        VirtualHost host = new VirtualHost("all", List.of("*"), routes, ORIGIN);
        return new RouteTable("gateway:80", AppProtocol.HTTP, List.of(host), List.of());
    }

    private static RouteAction forward(String cluster) {
        return new RouteAction.Forward(
                List.of(
                        new WeightedDestination(
                                1, new Destination.ToCluster(cluster), List.of(), ORIGIN)));
    }

    /** Rules that each allow the caller to GET a prefix. */
    static AuthzProgram rules(int count) {
        List<AuthzStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Match when =
                    new Match.AllOf(
                            List.of(
                                    new Match.PeerPrincipal(
                                            new StringMatch.Exact(CALLER.principal())),
                                    new Match.Method(new StringMatch.Exact("GET")),
                                    new Match.Path(new StringMatch.Prefix("/service-" + i + "/"))));
            steps.add(new AuthzStep.Decide(Effect.ALLOW, when, false, ORIGIN));
        }
        return new AuthzProgram(List.of(new AuthzLayer(Dialect.ISTIO, steps, Effect.DENY, ORIGIN)));
    }
}
