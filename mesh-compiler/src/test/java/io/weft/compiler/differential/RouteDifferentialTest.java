package io.weft.compiler.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.ConfigProviders;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.WorkloadIdentity;
import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.RouteDecision;
import io.weft.model.WorkloadId;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From the text of routes to the backend of a request: compiler and engine against the YAML. */
class RouteDifferentialTest {

    /** Pairs of routes and request for each dialect; more with {@code -Dweft.fuzz.decisions}. */
    private static final int DECISIONS = Integer.getInteger("weft.fuzz.decisions", 40_000);

    private static final long SEED = Long.getLong("weft.fuzz.seed", 2026);
    private static final int REQUESTS = 200;
    private static final int BACKENDS = 24;
    private static final String HOST = "api.shop.svc.cluster.local:80";

    /** A rule with its place in the order of a naive reader. */
    private record Rule(List<WrittenMatch> matches, int backend) {}

    private record HttpRoute(String name, int year, List<Rule> rules) {}

    private final RandomRoutes random = new RandomRoutes(SEED);

    @Test
    void aVirtualServiceSendsARequestWhereItsFirstRuleThatMatchesSays() {
        int found = 0;
        for (int done = 0; done < DECISIONS; done += REQUESTS) {
            List<Rule> rules = new ArrayList<>();
            // Some are long enough for the engine to index them.
            int count = random.oneIn(4) ? 20 : 1 + random.below(5);
            for (int i = 0; i < count; i++) {
                rules.add(new Rule(random.list(1, 3, random::virtualService), i));
            }
            CompiledRoutes routes = compile(virtualService(rules));
            for (int i = 0; i < REQUESTS; i++) {
                SampleRequest request = random.request();
                String expected =
                        rules.stream()
                                .filter(r -> r.matches.stream().anyMatch(m -> m.holds(request)))
                                .findFirst()
                                .map(r -> "b" + r.backend)
                                .orElse(concernsPort(rules) ? "none" : "api");
                found += same(routes, request, expected, rules);
            }
        }
        assertThat(found).as("both outcomes occur").isBetween(DECISIONS / 10, DECISIONS * 99 / 100);
    }

    /** One that is written for other ports alone says nothing of this one. */
    private static boolean concernsPort(List<Rule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.matches.stream())
                .map(match -> match.tests().get("port"))
                .anyMatch(port -> port == null || port.value().equals("80"));
    }

    private static String virtualService(List<Rule> rules) {
        StringBuilder text =
                new StringBuilder(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: api, namespace: shop}
                        spec:
                          hosts: [api]
                          http:
                        """);
        for (Rule rule : rules) {
            text.append("  - match: [")
                    .append(
                            String.join(
                                    ", ", rule.matches.stream().map(WrittenMatch::istio).toList()))
                    .append("]\n    route: [{destination: {host: b")
                    .append(rule.backend)
                    .append(", port: {number: 80}}}]\n");
        }
        return text.toString();
    }

    @Test
    void httpRoutesSendARequestWhereTheMostSpecificMatchSays() {
        int found = 0;
        for (int done = 0; done < DECISIONS; done += REQUESTS) {
            List<HttpRoute> written = httpRoutes();
            CompiledRoutes routes = compile(yaml(written));
            for (int i = 0; i < REQUESTS; i++) {
                SampleRequest request = random.request();
                found += same(routes, request, mostSpecific(written, request), written);
            }
        }
        assertThat(found).as("both outcomes occur").isBetween(DECISIONS / 10, DECISIONS * 99 / 100);
    }

    private List<HttpRoute> httpRoutes() {
        List<HttpRoute> routes = new ArrayList<>();
        int backend = 0;
        for (int i = 1 + random.below(4); i > 0; i--) {
            List<Rule> rules = new ArrayList<>();
            for (int j = 1 + random.below(4); j > 0; j--) {
                rules.add(new Rule(random.list(1, 3, random::httpRoute), backend++));
            }
            routes.add(
                    new HttpRoute(
                            "r" + random.below(100) + "-" + i, 2020 + random.below(3), rules));
        }
        return routes;
    }

    private static String yaml(List<HttpRoute> routes) {
        StringBuilder text = new StringBuilder();
        for (HttpRoute route : routes) {
            text.append(
                    """
                    ---
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata: {name: NAME, namespace: shop, creationTimestamp: "YEAR-01-01T00:00:00Z"}
                    spec:
                      parentRefs: [{group: "", kind: Service, name: api, port: 80}]
                      rules:
                    """
                            .replace("NAME", route.name)
                            .replace("YEAR", "" + route.year));
            for (Rule rule : route.rules) {
                text.append("  - matches: [")
                        .append(
                                String.join(
                                        ", ",
                                        rule.matches.stream().map(WrittenMatch::gateway).toList()))
                        .append("]\n    backendRefs: [{name: b")
                        .append(rule.backend)
                        .append(", port: 80}]\n");
            }
        }
        return text.toString();
    }

    /** The greatest specificity, then the oldest route, then its name, then its rules' order. */
    private static String mostSpecific(List<HttpRoute> routes, SampleRequest request) {
        WrittenMatch best = null;
        int backend = -1;
        List<HttpRoute> ordered =
                routes.stream()
                        .sorted(
                                Comparator.comparingInt(HttpRoute::year)
                                        .thenComparing(HttpRoute::name))
                        .toList();
        for (HttpRoute route : ordered) {
            for (Rule rule : route.rules) {
                for (WrittenMatch match : rule.matches) {
                    if (match.holds(request)
                            && (best == null || match.compareSpecificity(best) > 0)) {
                        best = match;
                        backend = rule.backend;
                    }
                }
            }
        }
        return best == null ? "none" : "b" + backend;
    }

    /** 1 where a backend was found. */
    private static int same(
            CompiledRoutes routes, SampleRequest request, String expected, Object written) {
        String actual = backend(routes.match(request, RandomSource.seeded(1)));
        if (!actual.equals(expected)) {
            assertThat(actual).as("%s on %s", written, request).isEqualTo(expected);
        }
        return actual.equals("none") ? 0 : 1;
    }

    private static String backend(RouteDecision decision) {
        if (decision == null || decision.destination() == null) {
            return "none";
        }
        return switch (decision.destination().destination()) {
            case Destination.ToCluster(var cluster) -> cluster.substring(0, cluster.indexOf('.'));
            case Destination.Unavailable(var status, var reason) -> status + " " + reason;
        };
    }

    private static CompiledRoutes compile(String text) {
        StringBuilder services = new StringBuilder(service("api"));
        for (int i = 0; i < BACKENDS; i++) {
            services.append("---\n").append(service("b" + i));
        }
        CompiledPolicies compiled =
                MeshCompiler.compile(
                        List.of(
                                new SourceFile("mesh/services.yaml", services.toString()),
                                new SourceFile("mesh/routes.yaml", text)),
                        CompilerOptions.DEFAULT);
        assertThat(compiled.hasErrors()).as("%s %s", compiled.diagnostics(), text).isFalse();
        WorkloadIdentity client =
                new WorkloadIdentity(
                        new WorkloadId("shop", "web"), "web", Map.of(), List.of(), false);
        return CompiledRoutes.compile(
                (RouteTable)
                        new WorkloadConfigBuilder(
                                        compiled, compiled.catalog(), ConfigProviders.NONE)
                                .build(client, Set.of(HOST))
                                .get(ResourceKeys.routes(HOST)));
    }

    private static String service(String name) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: NAME, namespace: shop}
        spec: {ports: [{name: http, port: 80}]}
        """
                .replace("NAME", name);
    }
}
