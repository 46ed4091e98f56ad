package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a delegate takes over from the route that refers to it. */
class DelegateTest {

    private static Route route(String root, String delegate) {
        Scenario scenario =
                new Scenario()
                        .yaml(
                                """
                                apiVersion: v1
                                kind: Service
                                metadata: {name: web, namespace: shop}
                                spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: root, namespace: shop}
                                spec:
                                  hosts: [web]
                                  http: [{delegate: {name: own, namespace: shop}, %s}]
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: VirtualService
                                metadata: {name: own, namespace: shop}
                                spec: {http: [{route: [{destination: {host: web}}], %s}]}
                                """
                                        .formatted(root, delegate))
                        .workload("shop/caller");
        RouteTable table =
                (RouteTable)
                        Objects.requireNonNull(
                                scenario.config("shop/caller", "web.shop:80")
                                        .get("routes/web.shop:80"));
        return table.hosts().getFirst().routes().getFirst();
    }

    @Test
    void whatTheDelegateSaysHoldsAndWhatItLeavesOutIsTheRoots() {
        Route both =
                route(
                        "timeout: 9s, retries: {attempts: 7}",
                        "timeout: 2s, headers: {request: {set: {a: b}}}");
        assertThat(both.timeouts().request()).isEqualTo(Duration.ofSeconds(2));
        assertThat(Objects.requireNonNull(both.retry()).retries()).isEqualTo(7);
        assertThat(route("timeout: 9s", "retries: {attempts: 1}").timeouts().request())
                .isEqualTo(Duration.ofSeconds(9));
        assertThat(route("timeout: 9s", "timeout: 0s").timeouts().request())
                .as("0s switches off")
                .isNull();
        assertThat(route("retries: {attempts: 7}", "retries: {attempts: 0}").retry()).isNull();
    }

    @Test
    void eachFieldOfTheRootThatTheDelegateLeavesOutIsKeptBesideItsOwn() {
        Route route =
                route(
                        "corsPolicy: {allowMethods: [GET]}, headers: {request: {set: {x: root}}},"
                                + " rewrite: {uri: /root}",
                        "headers: {request: {set: {x: own}}}");
        assertThat(route.filters())
                .extracting(filter -> filter.getClass().getSimpleName())
                .containsExactly("Cors", "Headers", "Rewrite");
        Filter.Headers headers = (Filter.Headers) route.filters().get(1);
        assertThat(headers.request()).asString().contains("own").doesNotContain("root");
        assertThat(
                        route("rewrite: {authority: root}", "rewrite: {uri: /own}")
                                .filters()
                                .stream()
                                .map(Filter.Rewrite.class::cast)
                                .toList())
                .as("a rewrite is taken as a whole")
                .extracting(Filter.Rewrite::authority)
                .isEqualTo(java.util.Collections.singletonList(null));
    }

    @Test
    void theRootsFaultsSwitchOffTheDelegatesTimeoutAndRetries() {
        Route route =
                route("fault: {delay: {fixedDelay: 1s}}", "timeout: 2s, retries: {attempts: 4}");
        assertThat(route.timeouts().request()).isNull();
        assertThat(route.retry()).isNull();
        assertThat(route.filters()).hasOnlyElementsOfType(Filter.Delay.class).hasSize(1);
    }
}
