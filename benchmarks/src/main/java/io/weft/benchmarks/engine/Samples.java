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

/** Configurations and requests of the size that a benchmark asks for; public for JMH alone. */
public final class Samples {

    static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "Benchmark", "bench", "engine", "bench.yaml", 1);
    private static final SpiffeId CALLER = new SpiffeId("cluster.local", "bench", "caller");

    private Samples() {}

    /** What tells the elements of a table apart; all else is the same for each. */
    public enum Kind {
        PREFIX,
        REGEX,
        HEADER,
        CALLER;

        Match match(int number) {
            return switch (this) {
                case PREFIX -> new Match.Path(new StringMatch.Prefix("/service-" + number + "/"));
                case REGEX ->
                        new Match.Path(
                                new StringMatch.Regex("/service-" + number + "/[a-z]+/[0-9]+"));
                case HEADER ->
                        new Match.AllOf(
                                List.of(
                                        new Match.Path(new StringMatch.Prefix("/service-")),
                                        new Match.Header(
                                                "x-tenant", new StringMatch.Exact("t" + number))));
                case CALLER ->
                        new Match.AllOf(
                                List.of(
                                        new Match.Path(new StringMatch.Prefix("/service-")),
                                        new Match.PeerPrincipal(
                                                new StringMatch.Exact(
                                                        caller(number).principal()))));
            };
        }
    }

    private static SpiffeId caller(int number) {
        return new SpiffeId("cluster.local", "bench", "caller-" + number);
    }

    /** The request that one element, and no other, is about. */
    static SampleRequest request(Kind kind, int number) {
        return SampleRequest.http("GET", "/service-" + number + "/items/42")
                .authority("backend.bench")
                .peer(kind == Kind.CALLER ? caller(number) : CALLER)
                .header("accept", "*/*")
                .header("user-agent", "benchmark")
                .header("x-tenant", "t" + number)
                .header("x-request-id", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736")
                .build();
    }

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

    /** One host with routes in order; all methods. */
    static RouteTable routes(int count, Kind kind) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routes.add(
                    new Route(
                            "route-" + i,
                            kind.match(i),
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

    /** Rules that each allow a GET. */
    static AuthzProgram rules(int count, Kind kind) {
        List<AuthzStep> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Match when =
                    new Match.AllOf(
                            List.of(new Match.Method(new StringMatch.Exact("GET")), kind.match(i)));
            steps.add(new AuthzStep.Decide(Effect.ALLOW, when, false, ORIGIN));
        }
        return new AuthzProgram(List.of(new AuthzLayer(Dialect.ISTIO, steps, Effect.DENY, ORIGIN)));
    }
}
