package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Destination;
import io.weft.model.route.RouteAction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes of a VirtualService that do several things, or nothing. */
class RouteActionsTest {

    private static final String SERVICE =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec: {selector: {app: api}, ports: [{name: http, port: 80, targetPort: 8080}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api, namespace: shop}
            spec:
              hosts: [api]
              http:
            """;

    private static Scenario routed(String route) {
        return new Scenario()
                .yaml(SERVICE + route.indent(2))
                .workload("shop/api labels=app:api ports=8080:HTTP")
                .workload("shop/caller labels=app:caller");
    }

    private static List<Diagnostic> errors(Scenario scenario) {
        return scenario.compile().diagnostics().stream().filter(Diagnostic::isError).toList();
    }

    @Test
    void aRedirectThatAlsoAnswersItselfIsAContradictionThatNamesBoth() {
        List<Diagnostic> errors =
                errors(
                        routed(
                                """
                                - redirect: {uri: /new}
                                  directResponse: {status: 200}
                                """));
        assertThat(errors)
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(Code.CONTRADICTION);
                    assertThat(error.message())
                            .startsWith("redirect and directResponse (expected: one");
                });
    }

    @Test
    void weightsThatSumToZeroAreOneErrorAndTheRouteLeadsNowhere() {
        Scenario scenario =
                routed(
                        """
                        - route:
                          - {destination: {host: api}, weight: 0}
                          - {destination: {host: api}, weight: 0}
                        """);
        assertThat(errors(scenario))
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(Code.WEIGHTS);
                    assertThat(error.message()).startsWith("the weights sum to 0");
                });
        RouteTable table =
                (RouteTable) scenario.config("shop/caller", "api:80").get("routes/api:80");
        RouteAction action = table.hosts().getFirst().routes().getFirst().action();
        assertThat(action)
                .isInstanceOfSatisfying(
                        RouteAction.Forward.class,
                        forward ->
                                assertThat(forward.destinations().getFirst().destination())
                                        .isEqualTo(
                                                new Destination.Unavailable(
                                                        503,
                                                        "no destination has a weight above 0")));
    }
}
