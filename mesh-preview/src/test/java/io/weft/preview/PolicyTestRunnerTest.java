package io.weft.preview;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.engine.MeshClock;
import io.weft.preview.test.PolicyTestRunner;
import io.weft.preview.test.TestReport;
import io.weft.preview.test.TestResult;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTestRunnerTest {

    private static final String MESH =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: api, namespace: blog}
            spec:
              selector: {app: api}
              ports: [{name: http, port: 8080}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: front, namespace: blog}
            spec:
              template:
                metadata: {labels: {app: front, tier: web}}
                spec: {serviceAccountName: web}
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: api, namespace: blog}
            spec:
              host: api
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: api, namespace: blog}
            spec:
              hosts: [api]
              http:
              - match: [{headers: {canary: {exact: "true"}}}]
                rewrite: {uri: /beta}
                route: [{destination: {host: api, subset: v2}}]
              - match: [{uri: {prefix: /old}}]
                redirect: {uri: /new, redirectCode: 308}
              - route:
                - {destination: {host: api, subset: v1}, weight: 75}
                - {destination: {host: api, subset: v2}, weight: 25}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: way-in, namespace: blog}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [blog.example.com]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: way-in, namespace: blog}
            spec:
              hosts: [blog.example.com]
              gateways: [way-in]
              http: [{route: [{destination: {host: api}}]}]
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: strict, namespace: blog}
            spec: {mtls: {mode: STRICT}}
            ---
            apiVersion: security.istio.io/v1
            kind: RequestAuthentication
            metadata: {name: tokens, namespace: blog}
            spec:
              selector: {matchLabels: {app: api}}
              jwtRules: [{issuer: https://issuer, audiences: [api], jwksUri: https://issuer/keys}]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: callers, namespace: blog}
            spec:
              selector: {matchLabels: {app: api}}
              rules:
              - from: [{source: {principals: [cluster.local/ns/blog/sa/web]}}]
              - from: [{source: {requestPrincipals: [https://issuer/*]}}]
                when: [{key: "request.auth.claims[role]", values: [editor]}]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: no-admin-on-v2, namespace: blog}
            spec:
              selector: {matchLabels: {app: api, version: v2}}
              action: DENY
              rules: [{to: [{operation: {paths: [/admin]}}]}]
            """;

    private static TestReport run(String cases) {
        String tests =
                """
                apiVersion: policy.weft.io/v1
                kind: PolicyTest
                metadata: {name: tests, namespace: blog}
                spec:
                  tests:
                """
                        + cases.indent(2);
        CompiledPolicies policies =
                MeshCompiler.compile(
                        List.of(
                                new SourceFile("mesh/mesh.yaml", MESH),
                                new SourceFile("mesh/tests.yaml", tests)),
                        CompilerOptions.DEFAULT);
        assertThat(policies.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
        return new PolicyTestRunner(policies, MeshClock.system()).run();
    }

    private static List<String> mismatches(String cases) {
        return run(cases).results().stream()
                .flatMap(result -> result.mismatches().stream())
                .map(TestResult.Mismatch::describe)
                .toList();
    }

    @Test
    void whatIsTrueOfTheMeshPasses() {
        TestReport report =
                run(
                        """
                        - name: the front end has the account and labels of its Deployment
                          from: {workload: front}
                          request: {to: api:8080}
                          expect:
                            decision: allowed
                            status: 200
                            decidedBy: AuthorizationPolicy callers
                            route: VirtualService blog/api
                            shares:
                            - {host: api, subset: v1, port: 8080, weight: 3}
                            - {host: api.blog, subset: v2, weight: 1}
                        - name: canaries
                          from: {principal: cluster.local/ns/blog/sa/web}
                          request: {to: api.blog:8080, path: "/?all", headers: {canary: "true"}}
                          expect: {destination: {host: api, subset: v2}, path: "/beta?all"}
                        - name: redirected
                          from: {workload: front}
                          request: {to: api:8080, path: /old/one}
                          expect: {decision: answered, status: 308}
                        - name: strangers
                          from: {workload: shop/cart}
                          request: {to: api.blog:8080, methods: [GET, DELETE]}
                          expect: {decision: denied, status: 403}
                        - name: another mesh's front end
                          from: {principal: other.mesh/ns/blog/sa/web}
                          request: {to: api.blog:8080}
                          expect: {decision: denied}
                        - name: in plain text
                          from: {outside: true}
                          request: {to: api:8080}
                          expect: {decision: denied, decidedBy: PeerAuthentication strict}
                        - name: nobody's host
                          from: {gateway: istio-system/ingress}
                          request: {to: shop.example.com}
                          expect: {decision: no-route, status: 404}
                        """);
        assertThat(report.failures()).isEmpty();
        assertThat(report.results()).hasSize(8);
    }

    @Test
    void tokensAreAssumedToBeSignedButNotToBeMeantForUs() {
        String tests =
                """
                - name: %s
                  from: {gateway: istio-system/ingress}
                  request: {to: blog.example.com, claims: %s}
                  expect: {status: %d}
                """;
        String good = "{iss: https://issuer, sub: ann, aud: api, role: editor}";
        String reader = "{iss: https://issuer, sub: ann, aud: api, role: reader}";
        String other = "{iss: https://issuer, sub: ann, aud: shop, role: editor}";
        String stranger = "{iss: https://stranger, sub: ann, aud: api, role: editor}";
        assertThat(mismatches(tests.formatted("editor", good, 200))).isEmpty();
        assertThat(mismatches(tests.formatted("reader", reader, 403))).isEmpty();
        assertThat(mismatches(tests.formatted("other audience", other, 401))).isEmpty();
        assertThat(mismatches(tests.formatted("other issuer", stranger, 401))).isEmpty();
    }

    @Test
    void whatIsNotTrueNamesExpectationResultAndTheDecidingLine() {
        assertThat(
                        mismatches(
                                """
                                - name: strangers may read
                                  from: {workload: shop/cart}
                                  request: {to: api.blog:8080}
                                  expect:
                                    decision: allowed
                                    destination: {host: api.blog, subset: v1}
                                """))
                .containsExactly(
                        "decision: denied with 403 (expected: allowed), by AuthorizationPolicy"
                                + " blog/callers mesh/mesh.yaml:67",
                        "destination: api.blog.svc.cluster.local:8080/v1 75 %,"
                                + " api.blog.svc.cluster.local:8080/v2 25 % (expected: api.blog"
                                + " subset v1), by VirtualService blog/api mesh/mesh.yaml:36");
    }

    @Test
    void aDecisionMustHoldAtEveryDestinationOfASplit() {
        assertThat(
                        mismatches(
                                """
                                - name: admin is open
                                  from: {workload: front}
                                  request: {to: api:8080, path: /admin}
                                  expect: {decision: allowed}
                                """))
                .singleElement()
                .asString()
                .startsWith("decision at ")
                .contains("v2", "denied with 403", "no-admin-on-v2 mesh/mesh.yaml:");
    }

    @Test
    void aFailureIsADiagnosticThatRefusesTheCommit() {
        TestReport report =
                run(
                        """
                        - name: strangers may read
                          from: {workload: shop/cart}
                          request: {to: api.blog:8080}
                          expect: {decision: allowed}
                        """);
        assertThat(report.passed()).isFalse();
        assertThat(report.diagnostics())
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.isError()).isTrue();
                    assertThat(found.format())
                            .startsWith("Error [WFT0701] (PolicyTest blog/tests mesh/tests.yaml:6)")
                            .contains("'strangers may read' fails: decision: denied with 403");
                });
    }
}
