package io.weft.policy.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.wire.TrafficReport;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.TestWorkload;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The live picture over the API, as the console and the command line read it. */
@Timeout(90)
class TrafficApiTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String OPERATOR = "an-operators-token";

    @TempDir static Path directory;
    private static ConfigurableApplicationContext application;
    private static TestWorkload web;
    private static String base;

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
                """);
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.api.operator-token=" + OPERATOR,
                        "--weft.policy.directory=" + policies);
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
        web = TestWorkload.joined(application.getBean(PolicyServer.class), "blog", "web", "web-0");
        assertThat(web.register(web.registration(9090, true))).isEqualTo(204);
        assertThat(web.subscribe()).isEqualTo(204);
        assertThat(web.open()).isEqualTo(200);
        web.take();
    }

    @AfterAll
    static void stop() {
        web.close();
        application.close();
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + "/api/v1/" + path))
                        .timeout(PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    private static HttpRequest tap(String token, String body) {
        return HttpRequest.newBuilder(URI.create(base + "/api/v1/tap"))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static TrafficReport report(String tap) {
        TrafficReport.Party caller = new TrafficReport.Party("web", "blog", "v1", "");
        TrafficReport.EdgeKey key =
                new TrafficReport.EdgeKey(
                        false, caller, TrafficReport.Party.UNKNOWN, "x.example", "http", false);
        return new TrafficReport(
                1000,
                List.of(
                        new TrafficReport.Edge(
                                1,
                                key,
                                List.of(
                                        new TrafficReport.Outcome(
                                                502, -1, "NR", 4, 0, 0, 0, 0, List.of(4, 4))))),
                List.of(
                        new TrafficReport.Fate(
                                tap,
                                5,
                                1,
                                "GET",
                                "x.example",
                                "/<script>",
                                502,
                                -1,
                                "NR",
                                "route_not_found",
                                "",
                                "",
                                null,
                                1,
                                0,
                                0,
                                0,
                                "",
                                "",
                                List.of())),
                0);
    }

    @Test
    void theGraphThePlotAndTheFatesTellWhatWasReported() throws Exception {
        assertThat(web.traffic(report(""))).isEqualTo(204);
        JsonNode edge = json("graph?namespace=blog").at("/edges/0");
        assertThat(edge.at("/id/source/workload").asString()).isEqualTo("web");
        assertThat(edge.at("/numbers/errors").asInt()).isPositive();
        assertThat(edge.at("/numbers/ends/502 NR").asInt()).isPositive();
        assertThat(json("graph?namespace=other").at("/edges").size()).isZero();
        assertThat(json("traffic?source=blog/web&seconds=60").size()).isEqualTo(12);
        JsonNode fate = json("fates?source=blog/web").at("/0");
        assertThat(fate.at("/fate/flags").asString()).isEqualTo("NR");
        assertThat(json("fates?after=" + fate.at("/number").asInt()).size()).isZero();
    }

    @Test
    void whatIsAskedWronglyIsSaidInTheAnswer() throws Exception {
        assertThat(get("graph?seconds=0").statusCode()).isEqualTo(400);
        assertThat(get("graph?seconds=0").body()).contains("expected: 1..600");
        assertThat(get("graph?seconds=x").statusCode()).isEqualTo(400);
        assertThat(get("fates?limit=100000").body()).contains("expected: 1..500");
        assertThat(get("files").statusCode()).isEqualTo(400);
        HttpResponse<String> kind =
                CLIENT.send(
                        tap(OPERATOR, "{\"kind\": \"galaxy\"}"),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(kind.statusCode()).isEqualTo(400);
        assertThat(kind.body()).contains("expected: namespace, workload, service or instance");
    }

    @Test
    void aPolicyFileIsShownAsItIs() throws Exception {
        assertThat(json("files?path=services.yaml").at("/text").asString())
                .startsWith("apiVersion: v1\nkind: Service\n");
        assertThat(get("files?path=../state/operator-token").statusCode()).isEqualTo(404);
    }

    @Test
    void aTapIsForOperatorsAndStreamsWhatTheSidecarTells() throws Exception {
        assertThat(
                        CLIENT.send(tap("guess", "{}"), HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                .isEqualTo(401);
        String asked = "{\"kind\": \"workload\", \"namespace\": \"blog\", \"name\": \"web\"}";
        CompletableFuture<HttpResponse<InputStream>> stream =
                CLIENT.sendAsync(tap(OPERATOR, asked), HttpResponse.BodyHandlers.ofInputStream());
        String id = web.nextTaps().taps().getFirst().id();
        assertThat(web.traffic(report(id))).isEqualTo(204);
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(stream.get().body(), StandardCharsets.UTF_8))) {
            JsonNode line = JsonMapper.shared().readTree(lines.readLine());
            assertThat(line.at("/fate/path").asString()).isEqualTo("/<script>");
            assertThat(line.at("/edge/source/workload").asString()).isEqualTo("web");
        }
        assertThat(web.nextTaps().taps()).as("whoever asked has gone").isEmpty();
    }
}
