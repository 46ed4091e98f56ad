package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.policytest.PolicyTest;
import io.weft.compiler.policytest.PolicyTestCase;
import io.weft.compiler.policytest.PolicyTestYaml;
import io.weft.compiler.policytest.TestCaller;
import io.weft.compiler.policytest.TestExpectation.Decision;
import io.weft.compiler.policytest.TestExpectation.ExpectedShare;
import io.weft.compiler.policytest.TestExpectation.ResourceName;
import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyTestReadingTest {

    private static final String FULL =
            """
            apiVersion: policy.weft.io/v1
            kind: PolicyTest
            metadata: {name: articles, namespace: blog}
            spec:
              tests:
              - name: canary readers get v2
                from: {workload: blog-frontend, labels: {app: blog-frontend}}
                request: {to: blog-api:8080, path: /api/v1/articles, headers: {canary: "true"}}
                expect:
                  decision: allowed
                  decidedBy: AuthorizationPolicy blog-api-authz
                  destination: {host: blog-api, subset: v2, port: 8080}
              - name: editors write
                from: {gateway: istio-system/ingress, ip: 203.0.113.7}
                request:
                  protocol: https
                  to: blog.example.com
                  methods: [POST, PUT]
                  path: /api/v1/articles?draft=1
                  claims: {iss: https://auth.example.com, role: [editor], level: 3, staff: true}
                expect:
                  route: VirtualService blog/blog-api-routes
                  shares:
                  - {host: blog-api, subset: v1, weight: 90}
                  - {host: blog-api, subset: v2, weight: 10}
              - name: another mesh is refused
                from: {principal: spiffe://other.mesh/ns/x/sa/y}
                request: {to: blog-api.blog:8080, token: eyJ.x.y}
                expect: {status: 403, decidedBy: Default nobody asked}
              - name: plain text is refused
                from: {outside: true}
                request: {protocol: tcp, to: redis.blog:6379}
                expect: {decision: denied}
            """;

    private static List<Diagnostic> errors(String yaml) {
        return new Scenario()
                .yaml(yaml).compile().diagnostics().stream().filter(Diagnostic::isError).toList();
    }

    private static List<PolicyTest> read(String yaml) {
        CompiledPolicies compiled = new Scenario().yaml(yaml).compile();
        assertThat(compiled.diagnostics()).isEmpty();
        return compiled.policyTests();
    }

    @Test
    void everyFieldIsReadWithItsLine() {
        List<PolicyTestCase> cases = read(FULL).getFirst().cases();
        assertThat(cases)
                .extracting(PolicyTestCase::name)
                .containsExactly(
                        "canary readers get v2",
                        "editors write: POST /api/v1/articles?draft=1",
                        "editors write: PUT /api/v1/articles?draft=1",
                        "another mesh is refused",
                        "plain text is refused");
        PolicyTestCase first = cases.getFirst();
        assertThat(first.origin().line()).isEqualTo(6);
        assertThat(first.expect().origin().line()).isEqualTo(9);
        assertThat(first.from())
                .isEqualTo(
                        new TestCaller.Workload(
                                new WorkloadId("blog", "blog-frontend"),
                                "",
                                "",
                                Map.of("app", "blog-frontend")));
        assertThat(first.request().authority()).isEqualTo("blog-api:8080");
        assertThat(first.expect().decision()).isEqualTo(Decision.ALLOWED);
        assertThat(first.expect().decidedBy())
                .isEqualTo(new ResourceName("AuthorizationPolicy", "blog", "blog-api-authz"));
        assertThat(first.expect().shares())
                .containsExactly(new ExpectedShare("blog-api", "v2", 8080, 1));
        PolicyTestCase second = cases.get(1);
        assertThat(second.request().port()).isEqualTo(443);
        assertThat(second.request().claims())
                .isEqualTo(
                        Map.of(
                                "iss",
                                "https://auth.example.com",
                                "role",
                                List.of("editor"),
                                "level",
                                3L,
                                "staff",
                                true));
    }

    @Test
    void whatIsWrittenReadsBackAsTheSame() {
        List<PolicyTest> tests = read(FULL);
        String written = PolicyTestYaml.write(tests);
        assertThat(PolicyTestYaml.write(read(written))).isEqualTo(written);
        assertThat(withoutOrigins(read(written))).isEqualTo(withoutOrigins(tests));
    }

    private static List<String> withoutOrigins(List<PolicyTest> tests) {
        return tests.stream()
                .flatMap(test -> test.cases().stream())
                .map(each ->
                        each.name()
                                + each.from()
                                + each.request()
                                + each.expect().shares()
                                + each.expect().decision()
                                + each.expect().decidedBy()
                                + each.expect().route())
                .toList();
    }

    @Test
    void eachMistakeIsToldWithItsField() {
        assertThat(
                        errors(
                                """
                                apiVersion: policy.weft.io/v1
                                kind: PolicyTest
                                metadata: {name: wrong, namespace: blog}
                                spec:
                                  tests:
                                  - name: one
                                    from: {workload: a/b/c, outside: true}
                                    request: {to: "blog-api:0", methods: [GET], method: GET}
                                    expect: {decision: perhaps, status: 42, shares: [{host: x}]}
                                  - name: one
                                    from: {principal: me}
                                    request: {path: articles, claim: {}}
                                  - from: {gateway: g, ip: here}
                                    request: {to: a, claims: {}, token: x}
                                    expect: {decidedBy: something, destination: {subset: v1}}
                                """))
                .extracting(Diagnostic::fieldPath)
                .containsExactlyInAnyOrder(
                        "spec.tests[0].from",
                        "spec.tests[0].request.to",
                        "spec.tests[0].request.methods",
                        "spec.tests[0].expect.decision",
                        "spec.tests[0].expect.status",
                        "spec.tests[0].expect.shares",
                        "spec.tests[0].expect.shares[0].weight",
                        "spec.tests[1].name",
                        "spec.tests[1].from.principal",
                        "spec.tests[1].request.to",
                        "spec.tests[1].request.path",
                        "spec.tests[1].request.claim",
                        "spec.tests[1].expect",
                        "spec.tests[2].name",
                        "spec.tests[2].from.ip",
                        "spec.tests[2].request.token",
                        "spec.tests[2].expect.decidedBy",
                        "spec.tests[2].expect.destination.host");
    }

    @Test
    void testsAreNoPartOfAWorkloadsConfiguration() {
        Scenario without = new Scenario().seed("istio-workloads.yaml", "istio-traffic.yaml");
        Scenario with =
                new Scenario().seed("istio-workloads.yaml", "istio-traffic.yaml").yaml(FULL);
        String workload = "blog/caller labels=app:caller";
        assertThat(with.workload(workload).config("blog/caller", "blog-api:8080"))
                .isEqualTo(without.workload(workload).config("blog/caller", "blog-api:8080"));
    }
}
