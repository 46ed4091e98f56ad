package io.weft.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.NaiveMatcher;
import io.weft.engine.Origins;
import io.weft.engine.RandomMatches;
import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.match.MatchIndex;
import io.weft.engine.match.Matchers;
import io.weft.engine.match.RequestPredicate;
import io.weft.model.AppProtocol;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.route.TcpRoute;
import io.weft.model.route.Timeouts;
import io.weft.model.route.VirtualHost;
import io.weft.model.route.WeightedDestination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CompiledRoutesTest {

    private static WeightedDestination to(String cluster, int weight) {
        return new WeightedDestination(
                weight, new Destination.ToCluster(cluster), List.of(), Origins.line(1));
    }

    private static Route route(String name, Match match, WeightedDestination... destinations) {
        List<WeightedDestination> all =
                destinations.length == 0 ? List.of(to(name, 1)) : List.of(destinations);
        return new Route(
                name,
                match,
                new RouteAction.Forward(all),
                List.of(),
                Timeouts.NONE,
                null,
                Origins.line(2));
    }

    private static VirtualHost host(List<String> domains, List<Route> routes) {
        return new VirtualHost(domains.getFirst(), domains, routes, Origins.line(3));
    }

    private static CompiledRoutes compile(VirtualHost... hosts) {
        return CompiledRoutes.compile(
                new RouteTable("t:80", AppProtocol.HTTP, List.of(hosts), List.of()));
    }

    private static String match(CompiledRoutes routes, SampleRequest request) {
        RouteDecision decision = routes.match(request, RandomSource.seeded(1));
        return decision == null ? "none" : decision.route().name();
    }

    private static SampleRequest at(String authority, String path) {
        return SampleRequest.http("GET", path).authority(authority).build();
    }

    @Test
    void theMostSpecificDomainWinsWhateverTheOrder() {
        CompiledRoutes routes =
                compile(
                        host(List.of("*"), List.of(route("any", Match.ALWAYS))),
                        host(List.of("*.com"), List.of(route("com", Match.ALWAYS))),
                        host(List.of("*.example.com"), List.of(route("wild", Match.ALWAYS))),
                        host(List.of("a.example.com"), List.of(route("exact", Match.ALWAYS))));
        assertThat(match(routes, at("a.example.com", "/"))).isEqualTo("exact");
        assertThat(match(routes, at("A.Example.COM:8443", "/"))).isEqualTo("exact");
        assertThat(match(routes, at("a.example.com.", "/"))).isEqualTo("exact");
        assertThat(match(routes, at("b.a.example.com", "/"))).isEqualTo("wild");
        assertThat(match(routes, at("example.com", "/"))).isEqualTo("com");
        assertThat(match(routes, at(".example.com", "/"))).isEqualTo("com");
        assertThat(match(routes, at("other", "/"))).isEqualTo("any");
    }

    @Test
    void noHostOrNoRouteIsNoDecision() {
        CompiledRoutes routes =
                compile(
                        host(
                                List.of("a"),
                                List.of(route("x", new Match.Path(new StringMatch.Exact("/x"))))));
        assertThat(match(routes, at("b", "/x"))).isEqualTo("none");
        assertThat(match(routes, at("a", "/y"))).isEqualTo("none");
        assertThat(match(routes, at("a", "/x"))).isEqualTo("x");
    }

    @Test
    void theIndexFindsTheSameFirstRouteAsAScan() {
        RandomMatches random = new RandomMatches(5);
        int found = 0;
        for (int table = 0; table < 400; table++) {
            List<Route> list = new ArrayList<>();
            for (int i = 0; i < 8 + random.random().nextInt(40); i++) {
                Match match =
                        random.random().nextInt(3) == 0
                                ? random.match(2)
                                : new Match.AllOf(
                                        List.of(new Match.Path(random.string()), random.match(1)));
                list.add(route("r" + i, match));
            }
            CompiledRoutes routes = compile(host(List.of("*"), list));
            for (int i = 0; i < 50; i++) {
                SampleRequest request = random.request();
                String expected =
                        list.stream()
                                .filter(r -> NaiveMatcher.holds(r.match(), request))
                                .map(Route::name)
                                .findFirst()
                                .orElse("none");
                assertThat(match(routes, request)).as("%s", request).isEqualTo(expected);
                found += expected.equals("none") ? 0 : 1;
            }
        }
        assertThat(found).isGreaterThan(5_000);
    }

    @Test
    void amongTenThousandPathsOnlyTheCandidatesAreTested() {
        AtomicInteger tested = new AtomicInteger();
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String path = "/service-" + i;
            matches.add(
                    switch (i % 4) {
                        case 0 -> new Match.Path(new StringMatch.Exact(path));
                        case 1 -> new Match.Path(new StringMatch.PathPrefix(path));
                        case 2 -> new Match.Path(new StringMatch.Prefix(path + "/"));
                        default -> new Match.Path(new StringMatch.Regex(path + "/[a-z]+"));
                    });
        }
        List<RequestPredicate> predicates = new ArrayList<>();
        for (Match match : matches) {
            RequestPredicate compiled = Matchers.compile(match);
            predicates.add(facts -> {
                tested.incrementAndGet();
                return compiled.test(facts);
            });
        }
        MatchIndex index = MatchIndex.of(matches, predicates);
        assertThat(index.first(at("h", "/service-9999/abc"), 0)).isEqualTo(9999);
        assertThat(index.first(at("h", "/service-9996"), 0)).isEqualTo(9996);
        assertThat(index.first(at("h", "/service-9997/x"), 0)).isEqualTo(9997);
        assertThat(tested).hasValueLessThan(20);
    }

    @Test
    void weightsAreKeptWithinChance() {
        Route split = route("split", Match.ALWAYS, to("v1", 90), to("off", 0), to("v2", 10));
        CompiledRoutes routes = compile(host(List.of("*"), List.of(split)));
        RandomSource random = RandomSource.seeded(99);
        Map<Object, Integer> counts = new HashMap<>();
        int n = 100_000;
        for (int i = 0; i < n; i++) {
            RouteDecision decision = routes.match(at("h", "/"), random);
            counts.merge(decision.destination().destination(), 1, Integer::sum);
        }
        double sigma = Math.sqrt(n * 0.9 * 0.1);
        assertThat((double) counts.get(new Destination.ToCluster("v1")))
                .isBetween(0.9 * n - 3 * sigma, 0.9 * n + 3 * sigma);
        assertThat(counts).doesNotContainKey(new Destination.ToCluster("off"));
    }

    @Test
    void decisionsAreSharedAndStandAtTheirIds() {
        CompiledRoutes routes =
                compile(
                        host(
                                List.of("*"),
                                List.of(
                                        route(
                                                "a",
                                                new Match.Path(new StringMatch.Exact("/a")),
                                                to("x", 1),
                                                to("y", 1)),
                                        route("b", Match.ALWAYS))));
        assertThat(routes.decisions()).hasSize(3);
        RouteDecision decision = routes.match(at("h", "/b"), RandomSource.seeded(1));
        assertThat(routes.decisions().get(decision.id())).isSameAs(decision);
        assertThat(routes.match(at("h", "/b"), RandomSource.seeded(2))).isSameAs(decision);
    }

    @Test
    void tcpRoutesMatchInOrder() {
        TcpRoute sni =
                new TcpRoute(
                        "sni",
                        new Match.Sni(new StringMatch.Exact("db.example.com")),
                        List.of(to("db", 1)),
                        null,
                        Origins.line(4));
        TcpRoute rest =
                new TcpRoute("rest", Match.ALWAYS, List.of(to("rest", 1)), null, Origins.line(5));
        CompiledRoutes routes =
                CompiledRoutes.compile(
                        new RouteTable("t:1", AppProtocol.TCP, List.of(), List.of(sni, rest)));
        RandomSource random = RandomSource.seeded(1);
        assertThat(
                        routes.matchTcp(SampleRequest.tcp(1).sni("DB.example.com").build(), random)
                                .route())
                .isEqualTo(sni);
        assertThat(routes.matchTcp(SampleRequest.tcp(1).build(), random).route()).isEqualTo(rest);
    }
}
