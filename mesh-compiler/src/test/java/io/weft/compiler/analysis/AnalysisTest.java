package io.weft.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.Analysis;
import io.weft.compiler.CompilerOptions;
import io.weft.compiler.MeshCompiler;
import io.weft.compiler.SourceFile;
import io.weft.compiler.analysis.istio.IstioChecks;
import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.DiagnosticCode;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.ResourceParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalysisTest {

    private static Analysis analyze(String... texts) {
        List<SourceFile> files = new ArrayList<>();
        for (String text : texts) {
            files.add(new SourceFile("mesh/in-" + files.size() + ".yaml", text));
        }
        return MeshCompiler.analyze(files, CompilerOptions.DEFAULT, List.of());
    }

    private static Analysis seed(String... names) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        for (String name : names) {
            Path file = Path.of("src/test/resources/seed", name);
            files.add(new SourceFile("mesh/" + name, Files.readString(file)));
        }
        return MeshCompiler.analyze(files, CompilerOptions.DEFAULT, List.of());
    }

    private static List<Diagnostic> of(Analysis analysis, DiagnosticCode code) {
        return analysis.diagnostics().stream().filter(d -> d.code() == code).toList();
    }

    @Test
    void whatOnePolicyAllowsWithoutATokenNoOtherCanMakeDependOnOne() throws IOException {
        Analysis analysis = seed("istio-security.yaml", "istio-workloads.yaml");
        assertThat(of(analysis, Code.MOOT_POLICY))
                .extracting(Diagnostic::format)
                .anyMatch(line ->
                        line.contains(
                                        "(AuthorizationPolicy blog/blog-api-authz"
                                                + " mesh/istio-security.yaml:43)")
                                && line.contains("callers of namespaces istio-system")
                                && line.contains("blog/jwt-authz (mesh/istio-security.yaml:"))
                .allMatch(line -> line.startsWith("Warning [WFT0504]"));
        assertThat(analysis.policies().hasErrors()).isFalse();
    }

    @Test
    void aRuleThatAsksForATokenItselfTakesNothingFromOthers() {
        String policies =
                """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: one, namespace: shop}
                spec:
                  rules:
                  - from: [{source: {requestPrincipals: ["*"]}}]
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: two, namespace: shop}
                spec:
                  rules:
                  - from: [{source: {requestPrincipals: ["https://issuer/*"]}}]
                    to: [{operation: {methods: [POST]}}]
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: reading, namespace: shop}
                spec:
                  rules:
                  - to: [{operation: {methods: [GET]}}]
                """;
        List<Diagnostic> found = of(analyze(policies), Code.MOOT_POLICY);
        // Reading without a token is moot for the first, which asks for one whatever the method.
        assertThat(found).hasSize(1).first().extracting(Diagnostic::name).isEqualTo("reading");
        assertThat(found.getFirst().message()).contains("shop/one").doesNotContain("shop/two");
    }

    @Test
    void aRouteAfterOneThatTakesEverythingNeverMatches() {
        Analysis analysis =
                analyze(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: api, namespace: shop}
                        spec:
                          hosts: [api]
                          http:
                          - match: [{uri: {prefix: /}}]
                            route: [{destination: {host: api}}]
                          - match: [{uri: {exact: /v2}}]
                            route: [{destination: {host: api-v2}}]
                        """);
        assertThat(of(analysis, Code.UNREACHABLE_ROUTE))
                .singleElement()
                .satisfies(d -> {
                    assertThat(d.line()).isEqualTo(9);
                    assertThat(d.message()).contains("line 7");
                });
    }

    @Test
    void aShareThatRoundsAwayIsNamed() {
        Analysis analysis =
                analyze(
                        """
                        apiVersion: networking.istio.io/v1
                        kind: VirtualService
                        metadata: {name: api, namespace: shop}
                        spec:
                          hosts: [api]
                          http:
                          - route:
                            - {destination: {host: api, subset: v1}, weight: 99999}
                            - {destination: {host: api, subset: v2}, weight: 1}
                        """);
        assertThat(of(analysis, Code.WEIGHTS))
                .extracting(Diagnostic::message)
                .anyMatch(text -> text.contains("1 of 100000"));
    }

    @Test
    void repeatingWritesAfterTheServerMayHaveActedNeedsABudget() {
        String service =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api]
                  http:
                  - match: [{method: {exact: GET}}]
                    route: [{destination: {host: api}}]
                    retries: {attempts: 3, retryOn: "5xx"}
                  - route: [{destination: {host: api}}]
                    retries: {attempts: 3, retryOn: "5xx,connect-failure"}
                """;
        assertThat(of(analyze(service), Code.UNSAFE_RETRY))
                .singleElement()
                .satisfies(d -> assertThat(d.fieldPath()).isEqualTo("spec.http[1].retries"));
        String rule =
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: api, namespace: shop}
                spec:
                  host: api
                  trafficPolicy: {retryBudget: {percent: 20}}
                """;
        assertThat(of(analyze(service, rule), Code.UNSAFE_RETRY)).isEmpty();
    }

    @Test
    void aTimeoutThatEndsBeforeItsTriesIsNamed() throws IOException {
        // 30 s for four tries of 10 s.
        assertThat(of(seed("istio-traffic.yaml"), Code.SHORT_TIMEOUT))
                .extracting(Diagnostic::message)
                .anyMatch(text -> text.contains("30s for 4 tries of 10s"));
    }

    @Test
    void tagsThatCallersChooseAreNamedInTheSeed() throws IOException {
        assertThat(of(seed("istio-telemetry.yaml"), Code.UNBOUNDED_TAG))
                .extracting(Diagnostic::fieldPath)
                .anyMatch(path -> path.contains("tagOverrides"))
                .contains("spec.tracing[1].customTags.user_id");
    }

    @Test
    void aClientWithoutMutualTlsIsRefusedByAStrictServer() {
        Analysis analysis =
                analyze(
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: api, namespace: shop}
                        spec:
                          selector: {app: api}
                          ports: [{name: http, port: 80}]
                        ---
                        apiVersion: security.istio.io/v1
                        kind: PeerAuthentication
                        metadata: {name: default, namespace: shop}
                        spec: {mtls: {mode: STRICT}}
                        ---
                        apiVersion: networking.istio.io/v1
                        kind: DestinationRule
                        metadata: {name: api, namespace: shop}
                        spec:
                          host: api
                          trafficPolicy: {tls: {mode: DISABLE}}
                        """);
        assertThat(of(analysis, Code.MTLS_CONFLICT))
                .singleElement()
                .satisfies(d ->
                        assertThat(d.message())
                                .contains("PeerAuthentication shop/default (mesh/in-0.yaml:11)"));
    }

    @Test
    void aPolicyThatSelectsNobodyIsNamed() {
        Analysis analysis =
                analyze(
                        """
                        apiVersion: security.istio.io/v1
                        kind: PeerAuthentication
                        metadata: {name: api, namespace: shop}
                        spec:
                          selector: {matchLabels: {app: apo}}
                          mtls: {mode: STRICT}
                        """);
        assertThat(of(analysis, Code.SELECTS_NOTHING)).hasSize(1);
    }

    @Test
    void aResourceCanSuppressACode() {
        String gateway =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: api
                  namespace: shop
                  annotations: {galley.istio.io/analyze-suppress: "%s"}
                spec:
                  hosts: [api.example.com]
                  gateways: [missing]
                  http: [{route: [{destination: {host: api.shop.svc.cluster.local}}]}]
                """;
        assertThat(of(analyze(gateway.formatted("")), IstioCode.REFERENCED_RESOURCE_NOT_FOUND))
                .isNotEmpty();
        for (String listed : List.of("*", "IST0101", "WFT0404, IST0101")) {
            assertThat(
                            of(
                                    analyze(gateway.formatted(listed)),
                                    IstioCode.REFERENCED_RESOURCE_NOT_FOUND))
                    .as(listed)
                    .isEmpty();
        }
    }

    @Test
    void messagesAreIstiosOwnWords() {
        assertThat(IstioCode.REFERENCED_RESOURCE_NOT_FOUND.text("gateway", "a/b"))
                .isEqualTo("Referenced gateway not found: \"a/b\"");
        assertThat(
                        IstioCode.CONFLICTING_SIDECAR_WORKLOAD_SELECTORS.text(
                                List.of("a", "b"), "n", "p"))
                .startsWith(
                        "The Sidecars [a b] in namespace \"n\" select the same workload pod \"p\"");
    }

    @Test
    void anErrorOfAnIstioResourceIsToldOnceWithItsFieldLineAndMend() {
        String routes =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: api, namespace: shop}
                spec:
                  hosts: [api]
                  http:
                  - match: [{uri: {prefix: /v2}}]
                  - match: [{uri: {prefix: /v3}}]
                """;
        List<Diagnostic> errors =
                analyze(routes).diagnostics().stream().filter(Diagnostic::isError).toList();
        assertThat(errors)
                .extracting(Diagnostic::line)
                .as("each place once")
                .doesNotHaveDuplicates();
        assertThat(errors)
                .hasSizeGreaterThan(1)
                .allMatch(each -> each.code() == IstioCode.SCHEMA_VALIDATION_ERROR)
                .allMatch(each -> each.message().startsWith("Schema validation error: WFT0103, "))
                .allMatch(each -> !each.fieldPath().isEmpty() && !each.mend().isEmpty());
    }

    @Test
    void whoSilencesIstiosCodeStillLearnsWhyACommitWouldBeRefused() {
        String routes =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: api
                  namespace: shop
                  annotations: {galley.istio.io/analyze-suppress: IST0106}
                spec:
                  hosts: [api]
                  http:
                  - match: [{uri: {prefix: /v2}}]
                """;
        assertThat(analyze(routes).diagnostics())
                .filteredOn(Diagnostic::isError)
                .extracting(each -> each.code().id())
                .containsExactly("WFT0103");
    }

    @Test
    void aCredentialThatIsKeptBesideTheFilesIsThere() {
        String gateway =
                """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata: {name: edge, namespace: shop}
                spec:
                  selector: {app: edge}
                  servers:
                  - port: {number: 443, name: https, protocol: HTTPS}
                    hosts: ["*"]
                    tls: {mode: SIMPLE, credentialName: shop-cert}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: edge, namespace: ingress}
                spec:
                  selector: {matchLabels: {app: edge}}
                  template: {metadata: {labels: {app: edge}}, spec: {containers: []}}
                """;
        assertThat(of(analyze(gateway), IstioCode.REFERENCED_RESOURCE_NOT_FOUND)).hasSize(1);
        List<SourceFile> files = List.of(new SourceFile("mesh/in.yaml", gateway));
        Analysis knowing =
                MeshCompiler.analyze(
                        files, CompilerOptions.DEFAULT, List.of(), "ingress/shop-cert"::equals);
        assertThat(of(knowing, IstioCode.REFERENCED_RESOURCE_NOT_FOUND)).isEmpty();
        Analysis elsewhere =
                MeshCompiler.analyze(
                        files, CompilerOptions.DEFAULT, List.of(), "shop/shop-cert"::equals);
        assertThat(of(elsewhere, IstioCode.REFERENCED_RESOURCE_NOT_FOUND))
                .as("the gateway's namespace counts")
                .hasSize(1);
    }

    @Test
    void aCheckThatFailsIsToldAndTheOthersRun() {
        String pod =
                """
                apiVersion: v1
                kind: Node
                metadata: {name: old}
                status: {nodeInfo: {kubeletVersion: v1.27.3}}
                """;
        List<Check> checks = new ArrayList<>();
        checks.add((mesh, report) -> {
            throw new IllegalStateException("no such state");
        });
        checks.addAll(IstioChecks.all().values());
        List<Diagnostic> found =
                Analyzer.run(
                        new ResourceParser(new Diagnostics()).parse("in.yaml", pod),
                        analyze().policies().catalog(),
                        "istio-system",
                        name -> false,
                        checks);
        assertThat(found)
                .extracting(Diagnostic::format)
                .anyMatch(line -> line.startsWith("Error [IST0001]") && line.contains("no such"))
                .anyMatch(line ->
                        line.contains("[IST0142] (Node old in.yaml:4)")
                                && line.contains("\"v1.27.3\" is lower than"));
    }

    @Test
    void virtualServicesThatAskForItAreMergedAndTellWhereTheyOverlap() {
        String two =
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: a, namespace: shop, annotations: {policy.weft.io/merge: "true"}}
                spec:
                  hosts: [api]
                  http: [{match: [{uri: {prefix: /a}}], route: [{destination: {host: api}}]}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: b, namespace: shop, annotations: {policy.weft.io/merge: "%s"}}
                spec:
                  hosts: [api]
                  http: [{match: [{uri: {exact: %s}}], route: [{destination: {host: api}}]}]
                """;
        IstioCode conflict = IstioCode.CONFLICTING_MESH_GATEWAY_VIRTUAL_SERVICE_HOSTS;
        Analysis apart = analyze(two.formatted("true", "/b"));
        assertThat(of(apart, conflict)).isEmpty();
        assertThat(of(apart, Code.OVERLAPPING_HOSTS)).isEmpty();
        assertThat(of(analyze(two.formatted("true", "/a/b")), Code.OVERLAPPING_HOSTS))
                .singleElement()
                .satisfies(d -> assertThat(d.line()).isEqualTo(13))
                .satisfies(d -> assertThat(d.message()).contains("does not get them"));
        Analysis one = analyze(two.formatted("false", "/b"));
        assertThat(of(one, conflict)).hasSize(2);
        assertThat(of(one, Code.OVERLAPPING_HOSTS))
                .singleElement()
                .satisfies(d -> assertThat(d.mend()).contains("policy.weft.io/merge"));
    }

    @Test
    void policiesOfEveryDialectThatFindNobodyAreNamed() {
        String mesh =
                """
                apiVersion: v1
                kind: Service
                metadata: {name: api, namespace: shop}
                spec: {selector: {app: api}, ports: [{name: http, port: 80}]}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: api, namespace: shop, labels: {app: api}}
                spec: {containers: []}
                ---
                apiVersion: policy.linkerd.io/v1beta3
                kind: Server
                metadata: {name: server, namespace: shop}
                spec: {podSelector: {matchLabels: {app: NAME}}, port: 80}
                ---
                apiVersion: policy.weft.io/v1
                kind: RequestPolicy
                metadata: {name: sizes, namespace: shop}
                spec: {selector: {matchLabels: {app: NAME}}, maxRequestBytes: 10}
                ---
                apiVersion: consul.hashicorp.com/v1alpha1
                kind: ServiceIntentions
                metadata: {name: intentions, namespace: shop}
                spec: {destination: {name: NAME}, sources: [{name: "*", action: allow}]}
                """;
        assertThat(of(analyze(mesh.replace("NAME", "api")), Code.SELECTS_NOTHING)).isEmpty();
        assertThat(of(analyze(mesh.replace("NAME", "aip")), Code.SELECTS_NOTHING))
                .extracting(Diagnostic::kind)
                .containsExactlyInAnyOrder("Server", "RequestPolicy", "ServiceIntentions");
    }
}
