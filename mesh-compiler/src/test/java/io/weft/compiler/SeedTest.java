package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Destination;
import io.weft.model.route.Route;
import io.weft.model.route.RouteAction;
import io.weft.model.telemetry.AccessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the sample configuration means, fact by fact. */
class SeedTest {

    private static final String API = "blog-api.blog.svc.cluster.local:8080";

    @Test
    void everyFileTogetherCompilesWithoutError() throws IOException {
        try (Stream<Path> files = Files.list(Scenario.SEED)) {
            String[] names =
                    files.map(path -> path.getFileName().toString()).toArray(String[]::new);
            CompiledPolicies policies = new Scenario().seed(names).compile();
            assertThat(policies.diagnostics()).filteredOn(Diagnostic::isError).isEmpty();
            assertThat(policies.hasErrors()).isFalse();
        }
    }

    @Test
    void legacySpellingsAreNamedWithTheirLineAndWhatWasUnderstood() {
        List<String> warnings =
                new Scenario()
                        .seed("istio-traffic.yaml").compile().diagnostics().stream()
                                .filter(d -> d.level() == Level.WARNING)
                                .map(Diagnostic::format)
                                .toList();
        assertThat(warnings)
                .anyMatch(line ->
                        line.contains("WFT0301")
                                && line.contains("mesh/istio-traffic.yaml:124")
                                && line.contains("maxEjectionPercent 50"))
                .anyMatch(line ->
                        line.contains("WFT0302")
                                && line.contains("mesh/istio-traffic.yaml:117")
                                && line.contains("LEAST_REQUEST"));
    }

    @Test
    void gatewayRedirectsPlainTextAndServesHttpsWithItsOwnNamespacesSecret() {
        Map<String, MeshResource> config =
                Scenario.blog().config("istio-system/istio-ingressgateway");
        WorkloadConfig workload = (WorkloadConfig) config.get("workload");
        assertThat(workload.servers()).hasSize(2);
        GatewayServer plain = workload.servers().getFirst();
        GatewayServer secure = workload.servers().getLast();
        assertThat(plain.httpsRedirect()).isTrue();
        assertThat(plain.routes()).isEqualTo("gateway:80");
        assertThat(secure.protocol()).isEqualTo(GatewayServer.Protocol.HTTPS);
        assertThat(secure.tls())
                .isEqualTo(
                        new GatewayServer.ServerTls.Terminate(
                                List.of("istio-system/blog-tls-secret"),
                                GatewayServer.ClientCertificates.NONE,
                                "TLSv1.2",
                                List.of()));
        RouteTable table = (RouteTable) config.get("routes/" + secure.routes());
        List<Route> routes = table.hosts().getFirst().routes();
        assertThat(table.hosts().getFirst().domains()).containsExactly("blog.example.com");
        assertThat(routes).hasSize(4);
        assertThat(clusters(routes.get(0))).containsExactly(API);
        assertThat(clusters(routes.get(1)))
                .containsExactly("user-service.blog.svc.cluster.local:9090");
        assertThat(clusters(routes.get(2)))
                .containsExactly("static-files.blog.svc.cluster.local:80");
        assertThat(clusters(routes.get(3)))
                .containsExactly("blog-frontend.blog.svc.cluster.local:3000");
        assertThat(routes.get(0).timeouts().request()).isEqualTo(Duration.ofSeconds(30));
        assertThat(routes.get(0).retry().retries()).isEqualTo(3);
        assertThat(routes.get(0).retry().perTryTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(routes.get(1).timeouts().request()).isNull();
        assertThat(routes.get(1).retry().retries()).isEqualTo(2);
    }

    @Test
    void ofThePlainServiceTheGatewayTakesTheRulesOfTheWholeHost() {
        Map<String, MeshResource> config =
                Scenario.blog().config("istio-system/istio-ingressgateway");
        Cluster api = (Cluster) config.get("cluster/" + API);
        assertThat(api.balancing()).isEqualTo(new LoadBalancing.LeastRequest());
        assertThat(api.limits().maxConnections()).isEqualTo(100);
        assertThat(api.limits().maxPendingRequests()).isEqualTo(50);
        assertThat(api.limits().maxRequestsPerConnection()).isEqualTo(10);
        assertThat(api.outlier().consecutive5xx()).isEqualTo(5);
        assertThat(api.outlier().maxEjectionPercent()).isEqualTo(50);
        assertThat(api.outlier().baseEjection()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void canaryHeaderGoesToV2AndTheRestIsSplit90To10() {
        Map<String, MeshResource> config =
                Scenario.blog().config("blog/blog-frontend", "blog-api:8080");
        RouteTable table = (RouteTable) config.get("routes/blog-api:8080");
        List<Route> routes = table.hosts().getFirst().routes();
        assertThat(routes.get(0).match())
                .isEqualTo(new Match.Header("canary", new StringMatch.Exact("true")));
        assertThat(clusters(routes.get(0))).containsExactly(API + "/v2");
        assertThat(clusters(routes.get(1))).containsExactly(API + "/v1", API + "/v2");
        assertThat(weights(routes.get(1))).containsExactly(90, 10);
        Cluster v1 = (Cluster) config.get("cluster/" + API + "/v1");
        assertThat(v1.subsetLabels()).containsExactly(Map.entry("version", "v1"));
        assertThat(v1.balancing()).isEqualTo(new LoadBalancing.RoundRobin());
        EndpointSet endpoints = (EndpointSet) config.get("endpoints/" + API);
        assertThat(endpoints.endpoints()).hasSize(2);
        assertThat(endpoints.endpoints().getFirst().port()).isEqualTo(18080);
    }

    @Test
    void allowPoliciesUniteAndTheRestIsDenied() {
        InboundPort port = inbound(Scenario.blog(), "blog/blog-api");
        AuthzLayer layer = port.authz().layers().getFirst();
        assertThat(layer.dialect()).isEqualTo(Dialect.ISTIO);
        assertThat(layer.otherwise()).isEqualTo(Effect.DENY);
        assertThat(layer.otherwiseOrigin().describe())
                .isEqualTo("AuthorizationPolicy blog/blog-api-authz mesh/istio-security.yaml:28");
        assertThat(layer.steps()).hasSize(5).allMatch(s -> s instanceof AuthzStep.Decide);
        assertThat(layer.steps().stream().map(s -> s.origin().line()))
                .containsExactly(39, 43, 47, 83, 93);
        // The third rule: "Bearer *" is a prefix, and there is no token check in it.
        assertThat(layer.steps().get(2).when().toString())
                .contains("Header[name=authorization, value=Prefix[value=Bearer , ");
    }

    @Test
    void strictModeNamesThePolicyAndThePortThatSetIt() {
        InboundPort api = inbound(Scenario.blog(), "blog/blog-api");
        assertThat(api.mtls()).isEqualTo(MtlsMode.STRICT);
        assertThat(api.mtlsOrigin().describe())
                .isEqualTo("PeerAuthentication blog/default mesh/istio-security.yaml:9");
        InboundPort users = inbound(Scenario.blog(), "blog/user-service");
        assertThat(users.mtlsOrigin().describe())
                .isEqualTo("PeerAuthentication blog/user-service-mtls mesh/istio-security.yaml:25");
    }

    @Test
    void tokensAreVerifiedAndUnfetchedKeysVerifyNone() {
        Map<String, MeshResource> config = Scenario.blog().config("blog/blog-api");
        WorkloadConfig workload = (WorkloadConfig) config.get("workload");
        assertThat(workload.inbound().getFirst().jwt())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.issuer()).isEqualTo("https://auth.example.com");
                    assertThat(rule.audiences()).containsExactly("blog-api");
                    assertThat(rule.forwardOriginal()).isTrue();
                });
        JwksSet keys = (JwksSet) config.get("jwks/https://auth.example.com/.well-known/jwks.json");
        assertThat(keys.json()).isEqualTo("{\"keys\":[]}");
    }

    @Test
    void theAccessLogKeepsItsLinesExactly() {
        WorkloadConfig workload =
                (WorkloadConfig) Scenario.blog().config("blog/blog-api").get("workload");
        List<AccessLog> logs = workload.telemetry().accessLogs();
        assertThat(logs.stream().map(AccessLog::provider)).containsExactly("otel", "stdout");
        String template = ((AccessLog.Format.Text) logs.getLast().format()).template();
        assertThat(template.lines()).hasSize(4);
        assertThat(template)
                .startsWith("[%START_TIME%] \"%REQ(:METHOD)% ")
                .endsWith("\"%UPSTREAM_HOST%\"\n");
    }

    @Test
    void emptyAuthorizationPolicyDeniesAllAndIsNamedAsTheReason() {
        AuthzProgram program =
                inbound(Scenario.blog().seed("security-best-practices.yaml"), "blog/user-service")
                        .authz();
        AuthzLayer layer = program.layers().getFirst();
        assertThat(layer.steps()).isEmpty();
        assertThat(layer.otherwise()).isEqualTo(Effect.DENY);
        assertThat(layer.otherwiseOrigin().name()).isEqualTo("deny-all");
    }

    @Test
    void smiSplits90To10BetweenServicesAndLetsOnlyTheNamedSourcesIn() {
        Scenario smi =
                new Scenario()
                        .seed("smi-traffic.yaml", "istio-workloads.yaml")
                        .workload(
                                "blog/blog-api-v1 sa=blog-api labels=app:blog-api,version:v1"
                                        + " services=blog-api-v1")
                        .workload(
                                "blog/blog-api-v2 sa=blog-api labels=app:blog-api,version:v2"
                                        + " services=blog-api-v2")
                        .workload("blog/blog-frontend ports=3000:HTTP");
        RouteTable table =
                (RouteTable)
                        smi.config("blog/blog-frontend", "blog-api:8080")
                                .get("routes/blog-api:8080");
        Route route = table.hosts().getFirst().routes().getFirst();
        assertThat(clusters(route))
                .containsExactly(
                        "blog-api-v1.blog.svc.cluster.local:8080",
                        "blog-api-v2.blog.svc.cluster.local:8080");
        assertThat(weights(route)).containsExactly(90, 10);
        AuthzLayer layer = inbound(smi, "blog/blog-api-v1").authz().layers().getFirst();
        assertThat(layer.dialect()).isEqualTo(Dialect.SMI);
        assertThat(layer.otherwise()).isEqualTo(Effect.DENY);
        assertThat(layer.steps()).hasSize(1);
        assertThat(layer.steps().getFirst().when().toString())
                .contains("/ns/blog/sa/blog-frontend", "/ns/blog/sa/api-gateway")
                .contains("(?:/api/v1/articles.*)(?s:.*)");
        assertThat(inbound(smi, "blog/blog-frontend").authz().layers()).isEmpty();
    }

    @Test
    void smiSplitHoldsForWhatAGatewaySendsToTheService() {
        Map<String, MeshResource> config =
                Scenario.blog()
                        .seed("smi-traffic.yaml")
                        .workload("blog/blog-api-v1 services=blog-api-v1")
                        .workload("blog/blog-api-v2 services=blog-api-v2")
                        .config("istio-system/istio-ingressgateway");
        RouteTable table = (RouteTable) config.get("routes/gateway:80");
        Route api = table.hosts().getFirst().routes().getFirst();
        assertThat(weights(api)).containsExactly(90, 10);
        assertThat(clusters(api))
                .containsExactly(
                        "blog-api-v1.blog.svc.cluster.local:8080",
                        "blog-api-v2.blog.svc.cluster.local:8080");
    }

    @Test
    void consulIntentionsDenyAllButTheNamedAndTheSplitterUsesTheResolversSubsets() {
        Scenario consul =
                new Scenario()
                        .seed("consul.yaml", "istio-workloads.yaml")
                        .workload("blog/blog-api labels=app:blog-api,version:v1")
                        .workload("blog/blog-api-v2 sa=blog-api labels=app:blog-api,version:v2")
                        .workload("blog/blog-frontend ports=3000:HTTP");
        AuthzLayer layer = inbound(consul, "blog/blog-api").authz().layers().getFirst();
        assertThat(layer.steps().stream().map(SeedTest::effect))
                .containsExactly(Effect.ALLOW, Effect.ALLOW, Effect.DENY);
        assertThat(layer.steps().getLast().when()).isEqualTo(Match.ALWAYS);
        Map<String, MeshResource> config = consul.config("blog/blog-frontend", "blog-api:8080");
        RouteTable table = (RouteTable) config.get("routes/blog-api:8080");
        Route route = table.hosts().getFirst().routes().getFirst();
        assertThat(clusters(route)).containsExactly(API + "/v1", API + "/v2");
        assertThat(weights(route)).containsExactly(90, 10);
        assertThat(route.timeouts().request()).isEqualTo(Duration.ofSeconds(30));
        Cluster v2 = (Cluster) config.get("cluster/" + API + "/v2");
        assertThat(v2.subsetLabels()).containsExactly(Map.entry("version", "v2"));
        assertThat(v2.limits().connectTimeout()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void severalDialectsOnOneHostAreAWarningAndAllTheirAuthorisationHolds() {
        Scenario all = Scenario.blog().seed("smi-traffic.yaml", "consul.yaml");
        assertThat(all.compile().diagnostics())
                .filteredOn(d -> d.code() == Code.DIALECT_CONFLICT)
                .isNotEmpty()
                .allMatch(d -> d.level() == Level.WARNING);
        assertThat(inbound(all, "blog/blog-api").authz().layers().stream().map(AuthzLayer::dialect))
                .containsExactly(Dialect.ISTIO, Dialect.CONSUL, Dialect.SMI);
    }

    private static Effect effect(AuthzStep step) {
        return ((AuthzStep.Decide) step).effect();
    }

    private static InboundPort inbound(Scenario scenario, String workload) {
        WorkloadConfig config = (WorkloadConfig) scenario.config(workload).get("workload");
        return config.inbound().getFirst();
    }

    private static List<String> clusters(Route route) {
        return ((RouteAction.Forward) route.action())
                .destinations().stream()
                        .map(d -> ((Destination.ToCluster) d.destination()).cluster())
                        .toList();
    }

    private static List<Integer> weights(Route route) {
        return ((RouteAction.Forward) route.action())
                .destinations().stream().map(d -> d.weight()).toList();
    }
}
