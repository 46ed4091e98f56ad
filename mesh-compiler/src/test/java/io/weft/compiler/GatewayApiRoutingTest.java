package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.RouteDecision;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.RouteAction;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the Gateway API's conformance data does not cover, decided by the data plane's matching. */
class GatewayApiRoutingTest {

    private static final String SERVICES =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: infra}
            spec:
              gatewayClassName: weft
              listeners:
              - {name: any, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
              - {name: shop, port: 80, protocol: HTTP, hostname: "*.shop.example", allowedRoutes: {namespaces: {from: All}}}
            """;

    private static Scenario scenario(String... routes) {
        Scenario scenario =
                new Scenario()
                        .yaml(SERVICES)
                        .workload("infra/edge gateway")
                        .workload("shop/one services=one")
                        .workload("shop/two services=two")
                        .workload("client/app services=app");
        for (String route : routes) {
            scenario.yaml(route);
        }
        return scenario;
    }

    private static String route(String name, String parent, String rest) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s, namespace: shop}
        spec:
          parentRefs: [%s]
        %s
        """
                .formatted(name, parent, rest.indent(2));
    }

    private static final String EDGE = "{name: edge, namespace: infra}";

    private static @Nullable RouteDecision decide(
            Map<String, MeshResource> config, String table, SampleRequest.Builder request) {
        RouteTable routes = (RouteTable) config.get("routes/" + table);
        return CompiledRoutes.compile(routes).match(request.build(), RandomSource.seeded(1));
    }

    private static String cluster(@Nullable RouteDecision decision) {
        if (decision == null || decision.destination() == null) {
            return "";
        }
        return switch (decision.destination().destination()) {
            case Destination.ToCluster(var name) -> name.substring(0, name.indexOf('.'));
            case Destination.Unavailable(var status, var reason) -> status + " " + reason;
        };
    }

    @Test
    void aNarrowerListenerKeepsItsNamesEvenWithoutARouteForThem() {
        Map<String, MeshResource> config =
                scenario(
                                route(
                                        "wide",
                                        "{name: edge, namespace: infra, sectionName: any}",
                                        "rules: [{backendRefs: [{name: one, port: 8080}]}]"))
                        .config("infra/edge");
        SampleRequest.Builder other = SampleRequest.http("GET", "/").authority("x.example");
        SampleRequest.Builder shop = SampleRequest.http("GET", "/").authority("a.shop.example");
        assertThat(cluster(decide(config, "gateway:80", other))).isEqualTo("one");
        assertThat(decide(config, "gateway:80", shop)).isNull();
    }

    @Test
    void aLessSpecificHostNameOfTheSameListenerStillAnswersWhatTheMoreSpecificDoesNot() {
        Map<String, MeshResource> config =
                scenario(
                                route(
                                        "exact",
                                        EDGE,
                                        """
                                        hostnames: [a.example]
                                        rules: [{matches: [{path: {value: /a}}], backendRefs: [{name: one, port: 8080}]}]
                                        """),
                                route(
                                        "every",
                                        EDGE,
                                        "rules: [{backendRefs: [{name: two, port: 8080}]}]"))
                        .config("infra/edge");
        SampleRequest.Builder a = SampleRequest.http("GET", "/a/b").authority("a.example");
        SampleRequest.Builder b = SampleRequest.http("GET", "/b").authority("a.example");
        assertThat(cluster(decide(config, "gateway:80", a))).isEqualTo("one");
        assertThat(cluster(decide(config, "gateway:80", b))).isEqualTo("two");
    }

    @Test
    void theOlderRouteGoesFirstWhereMatchesAreEqual() {
        String young = route("a-young", EDGE, "rules: [{backendRefs: [{name: one, port: 8080}]}]");
        String old = route("z-old", EDGE, "rules: [{backendRefs: [{name: two, port: 8080}]}]");
        Map<String, MeshResource> config =
                scenario(
                                young.replace(
                                        "{name: a-young,",
                                        "{name: a-young, creationTimestamp: '2026-02-01T00:00:00Z',"),
                                old.replace(
                                        "{name: z-old,",
                                        "{name: z-old, creationTimestamp: '2026-01-01T00:00:00Z',"))
                        .config("infra/edge");
        SampleRequest.Builder any = SampleRequest.http("GET", "/").authority("x.example");
        assertThat(cluster(decide(config, "gateway:80", any))).isEqualTo("two");
    }

    @Test
    void anInvalidBackendKeepsItsShareAndAnswersIt500() {
        Map<String, MeshResource> config =
                scenario(
                                route(
                                        "half",
                                        EDGE,
                                        "rules: [{backendRefs: [{name: one, port: 8080},"
                                                + " {name: missing, port: 8080}]}]"))
                        .config("infra/edge");
        RouteDecision decision =
                decide(config, "gateway:80", SampleRequest.http("GET", "/").authority("x.example"));
        assertThat(decision).isNotNull();
        assertThat(((RouteAction.Forward) decision.action()).destinations())
                .extracting(d ->
                        d.weight()
                                + " "
                                + (d.destination() instanceof Destination.Unavailable u
                                        ? u.status()
                                        : 200))
                .containsExactly("1 200", "1 500");
    }

    @Test
    void aRouteOfTheMeshHoldsForTheNamedPortOnlyAndAnswersNothingElse() {
        Scenario scenario =
                scenario(
                        route(
                                "mesh",
                                "{group: '', kind: Service, name: one, port: 8080}",
                                "rules: [{matches: [{path: {value: /two}}], backendRefs: [{name: two,"
                                        + " port: 8080}]}]"));
        Map<String, MeshResource> config = scenario.config("client/app", "one.shop:8080");
        SampleRequest.Builder two = SampleRequest.http("GET", "/two").authority("one.shop:8080");
        SampleRequest.Builder other = SampleRequest.http("GET", "/").authority("one.shop:8080");
        assertThat(cluster(decide(config, "one.shop:8080", two))).isEqualTo("two");
        assertThat(decide(config, "one.shop:8080", other)).isNull();
    }
}
