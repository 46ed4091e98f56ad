package io.weft.policy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.TrafficReport;
import io.weft.policy.PolicyServiceApplication;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.TestWorkload;
import io.weft.policy.source.PolicyBundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The history over the API: of a repository with a past, a commit in force and a refused one. */
@Timeout(120)
class HistoryApiTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String OLD = "a".repeat(40);
    private static final String GOOD = "b".repeat(40);
    private static final String BAD = "c".repeat(40);
    private static final String SERVICES =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: reviews, namespace: shop}
            spec:
              selector: {app: reviews}
              ports: [{name: http, port: 80}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              selector: {app: web}
              ports: [{name: http, port: 80, targetPort: 9090}]
            """;

    @TempDir static Path directory;
    private static final NavigableMap<String, PolicyBundle> COMMITS = new TreeMap<>();
    private static HttpServer config;
    private static ConfigurableApplicationContext application;
    private static TestWorkload web;
    private static String base;

    private static String split(int canary) {
        return """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: reviews, namespace: shop}
        spec:
          host: reviews
          subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        ---
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: reviews, namespace: shop}
        spec:
          hosts: [reviews]
          http:
          - route:
            - destination: {host: reviews, subset: v1}
              weight: %d
            - destination: {host: reviews, subset: v2}
              weight: %d
        """
                .formatted(100 - canary, canary);
    }

    private static PolicyBundle bundle(String commit, String message, String route, int day) {
        return new PolicyBundle(
                commit,
                commit.substring(0, 8),
                "Ann",
                message,
                "2026-01-0" + day + "T00:00:00Z",
                List.of(
                        new PolicyBundle.PolicyFile("mesh/reviews.yaml", route),
                        new PolicyBundle.PolicyFile(
                                "mesh/secret.yaml",
                                "apiVersion: v1\nkind: Secret\nmetadata: {name: "
                                        + message
                                        + ", namespace: shop}\ndata: {password: c2VjcmV0}\n"),
                        new PolicyBundle.PolicyFile("mesh/services.yaml", SERVICES)),
                List.of());
    }

    @BeforeAll
    static void start() throws Exception {
        COMMITS.put(OLD, bundle(OLD, "old", split(10), 1));
        COMMITS.put(GOOD, bundle(GOOD, "good", split(20), 2));
        COMMITS.put(BAD, bundle(BAD, "bad", split(30).replace("weight: 70", "weight: -1"), 3));
        config = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        config.createContext(
                "/mesh/",
                exchange -> {
                    String asked = exchange.getRequestURI().toString();
                    Object body = null;
                    if (asked.startsWith("/mesh/log")) {
                        body =
                                COMMITS.descendingMap().values().stream()
                                        .map(each ->
                                                Map.of(
                                                        "commit", each.commit(),
                                                        "author", each.author(),
                                                        "committedAt", each.committedAt(),
                                                        "message", each.message()))
                                        .toList();
                    } else if (asked.startsWith("/mesh/bundle?revision=")) {
                        body = COMMITS.get(asked.substring("/mesh/bundle?revision=".length()));
                    } else if (asked.equals("/mesh/bundle")) {
                        body = COMMITS.get(GOOD);
                    }
                    byte[] json = body == null ? new byte[0] : new MeshCodec().write(body);
                    exchange.sendResponseHeaders(body == null ? 404 : 200, json.length);
                    exchange.getResponseBody().write(json);
                    exchange.close();
                });
        config.start();
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.config-url=http://127.0.0.1:"
                                + config.getAddress().getPort());
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
        PolicyServer server = application.getBean(PolicyServer.class);
        // As the source does it; it polls, and the test does not wait for that.
        server.control().publish(COMMITS.get(GOOD)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        server.control().publish(COMMITS.get(BAD)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        web = TestWorkload.joined(server, "shop", "web", "web-0");
        assertThat(web.register(web.registration(9090, true))).isEqualTo(204);
        assertThat(web.subscribe()).isEqualTo(204);
        assertThat(web.open()).isEqualTo(200);
        web.take();
    }

    @AfterAll
    static void stop() {
        web.close();
        application.close();
        config.stop(0);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + "/api/v1/" + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    private static HttpResponse<String> preview(Map<String, String> body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(base + "/api/v1/preview"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        JsonMapper.shared().writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theHistoryHasWhatWasOfferedAndWhatGitRemembers() throws Exception {
        JsonNode history = json("history");
        assertThat(history.findValuesAsString("id")).containsExactly(BAD, GOOD, OLD);
        assertThat(history.at("/0/offered/accepted").asBoolean()).isFalse();
        assertThat(history.at("/1/offered/accepted").asBoolean()).isTrue();
        assertThat(history.at("/2").has("offered") && !history.at("/2/offered").isNull()).isFalse();
        assertThat(get("history?limit=0").body()).contains("expected: 1..200");
    }

    @Test
    void aCommitTellsWhatItChangedInFilesAndForWorkloads() throws Exception {
        JsonNode commit = json("history/" + GOOD);
        assertThat(commit.at("/files").findValuesAsString("path"))
                .containsExactly("mesh/reviews.yaml", "mesh/secret.yaml");
        assertThat(commit.at("/files/0/before").asString()).isEqualTo(split(10));
        assertThat(commit.at("/files/0/after").asString()).isEqualTo(split(20));
        assertThat(commit.at("/files/1/withheld").asBoolean()).isTrue();
        assertThat(commit.toString()).doesNotContain("c2VjcmV0");
        JsonNode changes = json("history/" + GOOD + "/changes").at("/changes");
        assertThat(changes.toString())
                .contains("10")
                .contains("20")
                .contains("mesh/reviews.yaml")
                .contains("shop/web");
        assertThat(json("history/" + OLD).at("/first").asBoolean()).isTrue();
        assertThat(get("history/" + OLD + "/changes").statusCode()).isEqualTo(404);
    }

    @Test
    void aRefusedCommitHasItsReasonsWithTheirLines() throws Exception {
        JsonNode commit = json("history/" + BAD);
        assertThat(commit.at("/accepted").asBoolean()).isFalse();
        assertThat(commit.at("/diagnostics").toString())
                .contains("mesh/reviews.yaml")
                .contains("\"level\":\"Error\"");
        assertThat(get("history/..%2F..%2Fetc").statusCode()).isIn(400, 404);
        assertThat(get("history/zzz").statusCode()).isEqualTo(400);
        assertThat(get("history/" + "d".repeat(40)).statusCode()).isEqualTo(404);
    }

    @Test
    void aQuestionTellsWhatATextWouldDoAndPutsNothingInForce() throws Exception {
        HttpResponse<String> would =
                preview(Map.of("path", "mesh/reviews.yaml", "text", split(50)));
        assertThat(would.statusCode()).as(would.body()).isEqualTo(200);
        JsonNode answer = JsonMapper.shared().readTree(would.body());
        assertThat(answer.at("/accepted").asBoolean()).isTrue();
        assertThat(answer.at("/difference/changes").toString()).contains("20 → 50");
        HttpResponse<String> wouldNot =
                preview(
                        Map.of(
                                "path",
                                "mesh/reviews.yaml",
                                "text",
                                split(60).replace("weight: 60", "weight: -1")));
        JsonNode refused = JsonMapper.shared().readTree(wouldNot.body());
        assertThat(refused.at("/accepted").asBoolean()).isFalse();
        assertThat(refused.at("/errors/0/file").asString())
                .as(wouldNot.body())
                .isEqualTo("mesh/reviews.yaml");
        assertThat(preview(Map.of("path", "mesh/none.yaml", "text", "")).statusCode())
                .isEqualTo(400);
        assertThat(json("status").at("/inForce/commit").asString()).isEqualTo(GOOD);
    }

    @Test
    void filesAreListedAndThoseWithSecretsAreMarked() throws Exception {
        JsonNode files = json("policies");
        assertThat(files.findValuesAsString("path"))
                .containsExactly("mesh/reviews.yaml", "mesh/secret.yaml", "mesh/services.yaml");
        assertThat(files.at("/1/withheld").asBoolean()).isTrue();
        assertThat(get("files?path=mesh/secret.yaml").statusCode()).isEqualTo(404);
    }

    @Test
    void anEndpointIsShownAsItsCallersSeeItAndACertificateWithItsEnd() throws Exception {
        assertThat(json("workloads").at("/0/certificate/notAfter").asString())
                .as("as it opened its stream")
                .isGreaterThan(Instant.now().toString());
        SidecarState state =
                new SidecarState(
                        "1f",
                        1_000_000_000L,
                        4_000_000_000L,
                        true,
                        List.of(
                                new SidecarState.LeftOut(
                                        "web.shop.svc.cluster.local",
                                        80,
                                        "",
                                        "web-0",
                                        false,
                                        2,
                                        "5 consecutive 5xx")),
                        0);
        assertThat(web.traffic(new TrafficReport(1000, List.of(), List.of(), 0, state)))
                .isEqualTo(204);
        JsonNode told = json("workloads").at("/0");
        assertThat(told.at("/certificate/serial").asString()).isEqualTo("1f");
        assertThat(told.at("/certificate/notAfter").asString()).isEqualTo("2096-10-02T07:06:40Z");
        assertThat(told.at("/draining").asBoolean()).isTrue();
        JsonNode endpoint = endpoint();
        assertThat(endpoint.at("/state").asString()).isEqualTo("ejected");
        assertThat(endpoint.at("/seen/0/by").asString()).isEqualTo("shop/web-0");
        assertThat(endpoint.at("/seen/0/why").asString()).isEqualTo("5 consecutive 5xx");
        assertThat(web.register(web.registration(9090, false))).isEqualTo(204);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!endpoint().at("/state").asString().equals("draining")) {
            assertThat(System.nanoTime()).as("%s", endpoint()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(50);
        }
        web.register(web.registration(9090, true));
    }

    private static JsonNode endpoint() throws Exception {
        for (JsonNode service : json("services")) {
            if (service.at("/host").asString().startsWith("web.shop.")) {
                return service.at("/ports/0/endpoints/0");
            }
        }
        throw new AssertionError("no service");
    }
}
