package io.weft.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.engine.MeshClock;
import io.weft.policy.source.PolicyBundle.PolicyFile;
import io.weft.preview.test.PolicyTestRunner;
import io.weft.preview.test.TestReport;
import io.weft.testkit.lab.control.ControlApi;
import io.weft.testkit.lab.control.RequestOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is recorded from real requests is a policy test that holds, and that can fail. */
class RecordedTestsTest {

    private static final String TOPOLOGY =
            """
            workloads:
            - {name: web, namespace: shop, labels: {app: web, tier: front}}
            - {name: stranger, namespace: other}
            - name: api
              namespace: shop
              labels: {app: api, version: v1}
              ports: [{name: http, port: 80, targetPort: 8080, protocol: HTTP}, {name: tcp, port: 9090, targetPort: 9099, protocol: TCP}]
            gateways:
            - {name: istio-ingressgateway, namespace: istio-system, labels: {istio: ingressgateway}, ports: [80]}
            jwtIssuers:
            - {issuer: "https://auth.example.com", jwksUri: "https://auth.example.com/.well-known/jwks.json"}
            """;

    private static final String RESOURCES =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: shop}
            spec:
              selector: {app: api}
              ports: [{name: http, port: 80, targetPort: 8080}, {name: tcp, port: 9090, targetPort: 9099}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api, namespace: shop}
            spec:
              hosts: [api]
              http:
              - match: [{uri: {prefix: /old}, sourceLabels: {tier: front}}]
                redirect: {uri: /new, redirectCode: 308}
              - match: [{headers: {x-v: {exact: "2"}}}]
                rewrite: {uri: /v2}
                route: [{destination: {host: api}}]
              - match: [{uri: {prefix: /}}]
                route: [{destination: {host: api}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: istio-system}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: edge, namespace: shop}
            spec:
              hosts: [shop.example.com]
              gateways: [istio-system/edge]
              http: [{route: [{destination: {host: api, port: {number: 80}}}]}]
            ---
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: tokens, namespace: shop}
            spec:
              selector: {matchLabels: {app: api}}
              jwtRules: [{issuer: "https://auth.example.com", jwksUri: "https://auth.example.com/.well-known/jwks.json"}]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: api, namespace: shop}
            spec:
              selector: {matchLabels: {app: api}}
              rules:
              - from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]
              - from: [{source: {requestPrincipals: ["*"]}}]
                when: [{key: "request.auth.claims[role]", values: [editor]}]
            """;

    private static RequestOrder order(
            @Nullable String from, String host, String method, String path, String... header) {
        return new RequestOrder(
                from == null
                        ? new RequestOrder.From(null, null, null, true, null)
                        : new RequestOrder.From(
                                from.substring(0, from.indexOf('.')),
                                from.substring(from.indexOf('.') + 1),
                                null,
                                null,
                                null),
                new RequestOrder.To(host, 80),
                null,
                null,
                method,
                path,
                header.length == 0 ? null : List.of(List.of(header)),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static RequestOrder connection(String from) {
        return new RequestOrder(
                new RequestOrder.From(from, "shop", null, null, null),
                new RequestOrder.To("api.shop", 9090),
                "TCP",
                null,
                null,
                null,
                null,
                "hello",
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static String token(Lab lab, Object role) {
        return "Bearer "
                + Objects.requireNonNull(
                        lab.api()
                                .token(
                                        new ControlApi.TokenOrder(
                                                "https://auth.example.com",
                                                "me",
                                                null,
                                                Map.of("role", role),
                                                null,
                                                null))
                                .get("token"));
    }

    private static TestReport run(String resources, String recorded) {
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(
                                new SourceFile("mesh/policies.yaml", resources),
                                new SourceFile("mesh/recorded.yaml", recorded)),
                        CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
        return new PolicyTestRunner(policies, MeshClock.system()).run();
    }

    @Test
    void whatIsRecordedHoldsAndFailsWhenThePolicyChanges() {
        try (Lab lab = Lab.start("topology.yaml", TOPOLOGY, List.of())) {
            ControlApi.Resources put =
                    lab.api().resources(List.of(new PolicyFile("resources.yaml", RESOURCES)));
            assertThat(put.accepted()).as("%s", put.diagnostics()).isTrue();
            lab.api().record();
            List.of(
                            order("web.shop", "api", "GET", "/articles?page=2"),
                            order("web.shop", "api.shop", "GET", "/old/1"),
                            order("web.shop", "api", "POST", "/x", "x-v", "2"),
                            order("stranger.other", "api.shop", "DELETE", "/articles"),
                            order(
                                    "stranger.other",
                                    "api.shop",
                                    "GET",
                                    "/",
                                    "authorization",
                                    token(lab, List.of("editor", "author"))),
                            order(
                                    "stranger.other",
                                    "api.shop",
                                    "PUT",
                                    "/",
                                    "authorization",
                                    token(lab, "reader")),
                            order(null, "shop.example.com", "GET", "/articles"),
                            connection("web"))
                    .forEach(lab.api()::request);
            JsonNode recorded = JsonMapper.shared().valueToTree(lab.api().endRecord());
            assertThat(recorded.path("leftOut")).isEmpty();
            assertThat(recorded.path("requests").asInt()).isEqualTo(8);
            String tests = recorded.path("policyTest").asString();

            TestReport report = run(RESOURCES, tests);
            assertThat(report.results()).hasSize(8);
            assertThat(report.failures())
                    .extracting(result -> result.name() + " " + result.mismatches())
                    .isEmpty();
            assertThat(run(RESOURCES.replace("sa/web", "sa/nobody"), tests).failures())
                    .as("a policy that lets others in")
                    .hasSize(3);
        }
    }
}
