package io.weft.policy.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.control.ServiceRegistry;
import io.weft.policy.join.WorkloadAttestor;
import io.weft.policy.secrets.CertificateStore;
import io.weft.policy.server.PolicyServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application as it ships, over its API. */
@Timeout(60)
class PolicyServiceApplicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path directory;
    private static ConfigurableApplicationContext application;
    private static String base;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        Path policies = Files.createDirectories(directory.resolve("policies"));
        Files.writeString(
                policies.resolve("services.yaml"),
                """
                apiVersion: v1
                kind: Service
                metadata: {name: users, namespace: blog}
                spec:
                  selector: {app: users}
                  ports: [{name: http, port: 80}]
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: users, namespace: blog}
                spec:
                  hosts: [users]
                  http: [{route: [{destination: {host: nobody}}]}]
                """);
        application =
                PolicyServiceApplication.start(
                        arguments(
                                directory.resolve("state"),
                                0,
                                "--weft.policy.directory=" + policies,
                                "--spring.cloud.discovery.client.simple.instances.legacy[0].uri="
                                        + "http://127.0.0.1:7777"));
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
        long end = System.nanoTime() + 30_000_000_000L;
        while (!get("/api/v1/services").body().contains("legacy.default")
                || !get("/api/v1/services").body().contains("users.blog")) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    private static String[] arguments(Path state, int joinPort, String... more) {
        return Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--weft.policy.state-dir=" + state,
                                "--weft.policy.join-port=" + joinPort,
                                "--weft.policy.mesh-port=0"),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> token(String authorization, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + "/api/v1/tokens"))
                        .timeout(PATIENCE)
                        .header("Authorization", authorization)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tellsItsStatusAndHealth() throws Exception {
        JsonNode status = JsonMapper.shared().readTree(get("/api/v1/status").body());
        assertThat(status.at("/inForce/files").asInt()).isEqualTo(1);
        assertThat(status.at("/ports/mesh").asInt())
                .isEqualTo(application.getBean(PolicyServer.class).meshPort());
        assertThat(get("/actuator/health").body())
                .contains("\"status\":\"UP\"", "authorityExpiresAt");
        assertThat(get("/actuator/prometheus").body())
                .contains("weft_policy_commits_total", "weft_policy_connected");
        assertThat(get("/api/v1/workloads").body()).isEqualTo("[]");
        assertThat(get("/api/v1/diagnostics").statusCode()).isEqualTo(200);
        assertThat(get("/api/v1/commits").body()).contains("\"accepted\":true");
        assertThat(get("/api/v1/config/blog/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void itsDiagnosticsAreTheWholeAnalysisOfWhatIsInForce() throws Exception {
        JsonNode found =
                JsonMapper.shared().readTree(get("/api/v1/diagnostics").body()).get("inForce");
        assertThat(found).hasSize(1);
        assertThat(found.get(0).get("code").asString()).isEqualTo("IST0101");
        assertThat(found.get(0).get("line").asInt()).isEqualTo(13);
        assertThat(found.get(0).get("text").asString())
                .startsWith("Error [IST0101] (VirtualService blog/users services.yaml:13)");
    }

    @Test
    void aClientThatAsksAgainAtOnceIsAlwaysAnswered() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertThat(get("/api/v1/workloads").statusCode()).isEqualTo(200);
            assertThat(get("/actuator/prometheus").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nothingOfKubernetesIsThereOutsideACluster() {
        assertThat(application.getBeanNamesForType(KubernetesClient.class)).isEmpty();
        assertThat(application.getBeanNamesForType(ServiceRegistry.class)).isEmpty();
        assertThat(application.getBeanNamesForType(CertificateStore.class)).isEmpty();
        assertThat(application.getBeanNamesForType(WorkloadAttestor.class)).isEmpty();
    }

    @Test
    void aDiscoveryClientsInstancesBecomeServices() throws Exception {
        assertThat(get("/api/v1/services").body())
                .contains("legacy.default.svc.cluster.local", "7777");
    }

    @Test
    void onlyAnOperatorMakesTokens() throws Exception {
        String request = "{\"namespace\": \"blog\", \"serviceAccount\": \"web\"}";
        assertThat(token("Bearer wrong", request).statusCode()).isEqualTo(401);
        assertThat(token("", request).statusCode()).isEqualTo(401);
        String operator = Files.readString(directory.resolve("state/operator-token")).strip();
        HttpResponse<String> made = token("Bearer " + operator, request);
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).contains("\"token\":\"weft.");
        HttpResponse<String> bad =
                token("Bearer " + operator, "{\"namespace\": \"../x\", \"serviceAccount\": \"w\"}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("namespace");
    }

    @Test
    void anExplanationNeedsWorkloadsThatAreThere() throws Exception {
        HttpResponse<String> answer =
                CLIENT.send(
                        HttpRequest.newBuilder(URI.create(base + "/api/v1/explain"))
                                .timeout(PATIENCE)
                                .header("Content-Type", "application/json")
                                .POST(
                                        HttpRequest.BodyPublishers.ofString(
                                                "{\"from\": {\"namespace\": \"blog\", \"workload\":"
                                                        + " \"web\"}, \"host\": \"users.blog\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("workload: blog/web (expected: a registered one)");
    }

    @Test
    void thePageComesWithAStrictPolicyAndForLocalNamesOnly() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("console.js").doesNotContain("<script>", "http://");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
        assertThat(get("/console.js").statusCode()).isEqualTo(200);
        try (java.net.Socket socket =
                new java.net.Socket("127.0.0.1", URI.create(base).getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET /api/v1/status HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n"
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes());
            assertThat(answer).startsWith("HTTP/1.1 421").doesNotContain("inForce");
        }
    }

    @Test
    void aTakenPortStopsTheStartWithItsReason() {
        int taken = application.getBean(PolicyServer.class).joinPort();
        assertThatThrownBy(() ->
                        PolicyServiceApplication.start(
                                arguments(directory.resolve("other"), taken)))
                .hasStackTraceContaining("join port: 127.0.0.1:" + taken + " cannot be bound");
    }
}
