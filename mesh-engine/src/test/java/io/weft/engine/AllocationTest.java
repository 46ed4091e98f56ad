package io.weft.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.path.PathNormalizer;
import io.weft.engine.route.CompiledRoutes;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.listener.PathNormalization;
import io.weft.model.match.Cidr;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Decisions that every request passes make no garbage. */
class AllocationTest {

    private static final int TIMES = 20_000;

    private final SampleRequest request =
            SampleRequest.http("GET", "/service-77/articles?x=1&y=2")
                    .authority("blog.example.com")
                    .peer("spiffe://cluster.local/ns/blog/sa/frontend")
                    .header("canary", "true")
                    .build();

    private static long bytesPerCall(Runnable call) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < TIMES; i++) {
            call.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < TIMES; i++) {
            call.run();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / TIMES;
    }

    @Test
    void normalisingACleanPathAllocatesNothing() {
        assertThat(
                        bytesPerCall(() ->
                                PathNormalizer.normalize(
                                        request.path(), PathNormalization.MERGE_SLASHES)))
                .isZero();
    }

    @Test
    void matchingARouteAmongManyAllocatesNothing() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Match match =
                    new Match.AllOf(
                            List.of(
                                    new Match.Path(new StringMatch.PathPrefix("/service-" + i)),
                                    new Match.Header("canary", new StringMatch.Exact("true")),
                                    new Match.Method(new StringMatch.Exact("GET"))));
            WeightedDestination v1 =
                    new WeightedDestination(
                            9, new Destination.ToCluster("v1"), List.of(), Origins.line(1));
            WeightedDestination v2 =
                    new WeightedDestination(
                            1, new Destination.ToCluster("v2"), List.of(), Origins.line(1));
            routes.add(
                    new Route(
                            "r" + i,
                            match,
                            new RouteAction.Forward(List.of(v1, v2)),
                            List.of(),
                            Timeouts.NONE,
                            null,
                            Origins.line(i)));
        }
        VirtualHost host =
                new VirtualHost("blog", List.of("blog.example.com"), routes, Origins.line(1));
        CompiledRoutes compiled =
                CompiledRoutes.compile(
                        new RouteTable("t:80", AppProtocol.HTTP, List.of(host), List.of()));
        RandomSource random = bound -> bound - 1;
        assertThat(compiled.match(request, random).route().name()).isEqualTo("r77");
        assertThat(bytesPerCall(() -> compiled.match(request, random))).isZero();
    }

    @Test
    void decidingAPermissionAllocatesNothing() {
        Match frontEnd =
                new Match.AllOf(
                        List.of(
                                new Match.PeerServiceAccount(
                                        new StringMatch.Exact("blog/frontend")),
                                new Match.PeerNamespace(new StringMatch.Exact("blog")),
                                new Match.Method(
                                        new StringMatch.OneOf(
                                                List.of(
                                                        new StringMatch.Exact("GET"),
                                                        new StringMatch.Exact("HEAD")))),
                                new Match.Not(new Match.SourceIp(Cidr.parse("10.0.0.0/8")))));
        AuthzEngine engine =
                AuthzEngine.compile(
                        new AuthzProgram(
                                List.of(
                                        new AuthzLayer(
                                                Dialect.ISTIO,
                                                List.of(
                                                        new AuthzStep.Decide(
                                                                Effect.ALLOW,
                                                                frontEnd,
                                                                false,
                                                                Origins.line(1))),
                                                Effect.DENY,
                                                Origins.line(2)))));
        assertThat(engine.decide(request).decidedBy()).isEqualTo(Origins.line(1));
        assertThat(bytesPerCall(() -> engine.decide(request))).isZero();
    }
}
