package io.weft.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.listener.Denials;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestPolicyTest {

    private static final String ROUTES =
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: users, namespace: blog}
            spec:
              hosts: [users]
              http:
              - name: admin
                match: [{uri: {prefix: /admin}}]
                route: [{destination: {host: users}}]
              - name: rest
                route: [{destination: {host: users}}]
            """;

    private static Scenario scenario(String... policies) {
        Scenario scenario =
                new Scenario()
                        .workload("blog/users labels=app:users ports=8080:HTTP services=users")
                        .workload("blog/web labels=app:web ports=8080:HTTP services=web")
                        .yaml(ROUTES);
        for (String policy : policies) {
            scenario.yaml(policy);
        }
        return scenario;
    }

    private static String policy(String spec) {
        return """
        apiVersion: policy.weft.io/v1
        kind: RequestPolicy
        metadata: {name: bounds, namespace: blog}
        spec:
        %s
        """
                .formatted(spec.indent(2).stripTrailing());
    }

    private static List<Filter> inbound(Scenario scenario, String workload) {
        WorkloadConfig config = (WorkloadConfig) scenario.config(workload).get("workload");
        return config.inbound().getFirst().filters();
    }

    @Test
    void theSelectedWorkloadsEnforceItOnTheirPorts() {
        Scenario scenario =
                scenario(
                        policy(
                                """
                                selector: {matchLabels: {app: users}}
                                maxRequestBytes: 1024
                                rateLimits:
                                - {requests: 10, per: 1s, burst: 20, by: principal}
                                - {requests: 1000, per: 1m, by: "header:X-Tenant", scope: global, whenUnavailable: deny}
                                concurrency: {max: 50}
                                compression: {algorithms: [gzip]}
                                """));
        List<Filter> filters = inbound(scenario, "blog/users");
        assertThat(filters).hasSize(5);
        assertThat(filters.get(0)).isInstanceOf(Filter.SizeLimit.class);
        Filter.LocalRateLimit local = (Filter.LocalRateLimit) filters.get(1);
        assertThat(local.tokens()).isEqualTo(10);
        assertThat(local.burst()).isEqualTo(20);
        assertThat(local.perKey()).isEqualTo(":principal");
        Filter.GlobalRateLimit global = (Filter.GlobalRateLimit) filters.get(2);
        assertThat(global.name()).isEqualTo("blog/bounds/1000-60000");
        assertThat(global.perKey()).isEqualTo("x-tenant");
        assertThat(global.openWhenUnavailable()).isFalse();
        assertThat(((Filter.Concurrency) filters.get(3)).max()).isEqualTo(50);
        assertThat(((Filter.Compression) filters.get(4)).algorithms()).containsExactly("gzip");
        assertThat(inbound(scenario, "blog/web")).isEmpty();
    }

    @Test
    void theRoutesOfATargetCarryItToTheirCallers() {
        Scenario scenario =
                scenario(
                        policy(
                                """
                                target: {kind: VirtualService, name: users, route: admin}
                                rateLimits: [{requests: 5, per: 1s}]
                                """));
        RouteTable table =
                (RouteTable) scenario.config("blog/web", "users:8080").get("routes/users:8080");
        List<Route> routes = table.hosts().getFirst().routes();
        assertThat(routes.getFirst().filters()).hasSize(1);
        assertThat(routes.get(1).filters()).isEmpty();
        assertThat(inbound(scenario, "blog/users")).isEmpty();
    }

    @Test
    void whatCannotBeMeantIsRefusedWithItsPlace() {
        List<Diagnostic> found =
                scenario(
                                policy(
                                        """
                                        selector: {}
                                        rateLimits:
                                        - {requests: 0, per: 1s}
                                        - {requests: 1, by: cookie, scope: galactic}
                                        compresion: {}
                                        """))
                        .compile()
                        .diagnostics();
        assertThat(found.toString())
                .contains("spec.rateLimits[0].requests")
                .contains("spec.rateLimits[1].by")
                .contains("spec.rateLimits[1].scope")
                .contains("compresion");
    }

    @Test
    void hedgingIsForRoutesWithADelayAndIsRefusedWhereRequestsArrive() {
        String routed =
                policy(
                        """
                        target: {kind: VirtualService, name: users}
                        hedging: {delay: 80ms, maxAttempts: 3}
                        """);
        RouteTable table =
                (RouteTable)
                        scenario(routed).config("blog/web", "users:8080").get("routes/users:8080");
        Filter.Hedge hedge =
                (Filter.Hedge) table.hosts().getFirst().routes().getFirst().filters().getFirst();
        assertThat(hedge.delay()).isEqualTo(Duration.ofMillis(80));
        assertThat(hedge.maxAttempts()).isEqualTo(3);
        List<Diagnostic> found =
                scenario(
                                policy(
                                        """
                                        selector: {}
                                        hedging: {maxAttempts: 1}
                                        """))
                        .compile()
                        .diagnostics();
        assertThat(found.toString())
                .contains("hedging where requests arrive")
                .contains("spec.hedging.delay")
                .contains("spec.hedging.maxAttempts");
    }

    @Test
    void anEndpointPolicyReachesTheClusterOfItsService() {
        Scenario scenario =
                scenario(
                        """
                        apiVersion: policy.weft.io/v1
                        kind: EndpointPolicy
                        metadata: {name: users, namespace: blog}
                        spec:
                          host: users
                          healthCheck: {path: /healthz, interval: 5s, unhealthyThreshold: 2}
                          slowStart: {window: 1m, minimumPercent: 20}
                        """);
        Cluster cluster =
                (Cluster)
                        scenario.config("blog/web", "users:8080").values().stream()
                                .filter(Cluster.class::isInstance)
                                .findFirst()
                                .orElseThrow();
        EndpointCare care = cluster.care();
        assertThat(care).isNotNull();
        assertThat(care.check().path()).isEqualTo("/healthz");
        assertThat(care.check().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(care.check().unhealthyThreshold()).isEqualTo(2);
        assertThat(care.slowStart().window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(care.slowStart().minPercent()).isEqualTo(20);
    }

    @Test
    void whatIsSaidToTheRefusedIsTheWorkloadsAndNamesNoPolicyByDefault() {
        Scenario scenario =
                scenario(
                        policy(
                                """
                                selector: {matchLabels: {app: users}}
                                denials:
                                  forbidden: {contentType: text/html, body: "<h1>No</h1>"}
                                """));
        WorkloadConfig users = (WorkloadConfig) scenario.config("blog/users").get("workload");
        assertThat(users.refusals().form()).isEqualTo(Denials.Form.PROBLEM);
        assertThat(users.refusals().showPolicy()).isFalse();
        assertThat(users.refusals().forbidden())
                .isEqualTo(new Denials.Body("text/html", "<h1>No</h1>"));
        assertThat(users.refusals().unauthorized()).isNull();
        WorkloadConfig web = (WorkloadConfig) scenario.config("blog/web").get("workload");
        assertThat(web.refusals()).isEqualTo(Denials.DEFAULT);
    }

    @Test
    void aRouteCannotSayWhatIsSaidToTheRefused() {
        Scenario scenario =
                scenario(
                        policy(
                                """
                                target: {kind: VirtualService, name: users}
                                denials: {form: text}
                                """));
        assertThat(scenario.compile().diagnostics())
                .extracting(Diagnostic::message)
                .anySatisfy(message -> assertThat(message).contains("denials beside target"));
    }
}
