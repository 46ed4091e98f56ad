package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A Git server with a password, a service with an access token, a webhook and a poll interval of an
 * hour.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RemoteTest {

    private static final String TOKEN = "correct horse";
    private static final String[] BEARER = {"Authorization", "Bearer " + TOKEN};

    @TempDir static Path folder;

    private static TestRepository repository;
    private static TestGitServer git;
    private static RunningService service;

    @BeforeAll
    static void startServiceWhileTheGitServerIsDown() {
        repository = TestRepository.create(folder.resolve("remote.git"), true);
        git = new TestGitServer(repository.repository(), folder, "bob:pass-9x");
        git.start();
        git.stop();
        service = start();
    }

    private static RunningService start() {
        return RunningService.start(
                "--spring.cloud.config.server.git.uri=http://bob:pass-9x@127.0.0.1:"
                        + git.port()
                        + "/config.git",
                "--spring.cloud.config.server.git.basedir=" + folder.resolve("base"),
                "--weft.config.poll-interval=1h",
                "--weft.config.access-token=" + TOKEN,
                "--weft.config.webhook.secret=hook-secret");
    }

    @AfterAll
    static void stop() {
        service.close();
        git.close();
    }

    @Test
    @Order(1)
    void aGitServerThatIsDownAtTheStartIsWaitedFor() {
        RunningService.await("an error", () -> meshHealth(503).get("details").has("error"));
        JsonNode health = meshHealth(503);
        assertThat(health.get("status").asString()).isEqualTo("DOWN");
        assertThat(health.get("details").get("status").asString()).isEqualTo("never fetched");
        assertThat(health.toString())
                .contains("Connection refused")
                .doesNotContain("pass-9x", "bob");
        assertThat(service.get("/mesh/bundle", BEARER).statusCode()).isEqualTo(503);
        assertThat(service.get("/blog-api/default", BEARER).statusCode()).isEqualTo(503);

        git.start();

        RunningService.await(
                "the first fetch", () -> service.get("/actuator/health").statusCode() == 200);
        assertThat(meshHealth(200).get("details").get("status").asString()).isEqualTo("empty");
        for (String path : new String[] {"/mesh/bundle", "/mesh/log", "/blog-api/default"}) {
            HttpResponse<String> empty = service.get(path, BEARER);
            assertThat(empty.statusCode()).as(path).isEqualTo(409);
            assertThat(RunningService.parse(empty.body()).get("detail").asString())
                    .contains("git add mesh && git commit");
        }
    }

    @Test
    @Order(2)
    void aNotificationWithTheRightSignatureFetchesAtOnce() {
        String commit =
                repository.commitTexts(
                        "main",
                        null,
                        "One",
                        "mesh/a.yaml",
                        "kind: A\n",
                        "application.yml",
                        "from: remote\n");

        HttpResponse<String> response = push("{\"ref\":\"refs/heads/main\"}", "hook-secret");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"commit\":\"" + commit + "\"}");
        assertThat(head()).isEqualTo(commit);
        JsonNode properties = service.json("/blog-api/default", BEARER);
        assertThat(properties.get("propertySources").get(0).get("name").asString())
                .isEqualTo("http://127.0.0.1:" + git.port() + "/config.git/application.yml");
    }

    @Test
    @Order(3)
    void aNotificationWithoutTheRightSignatureDoesNothing() {
        int before = git.requests();
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);

        assertThat(service.post("/mesh/webhook", body).statusCode()).isEqualTo(401);
        assertThat(push("{}", "wrong").statusCode()).isEqualTo(401);
        assertThat(
                        service.post("/mesh/webhook", body, "X-Hub-Signature-256", "sha256=zz")
                                .statusCode())
                .isEqualTo(401);
        assertThat(
                        service.post(
                                        "/mesh/webhook",
                                        body,
                                        "X-Hub-Signature-256",
                                        signature("other body", "hook-secret"))
                                .statusCode())
                .isEqualTo(401);
        assertThat(service.post("/mesh/webhook", body, "X-Gitlab-Token", "wrong").statusCode())
                .isEqualTo(401);
        assertThat(service.post("/mesh/webhook", new byte[(1 << 20) + 1]).statusCode())
                .isEqualTo(413);
        assertThat(service.get("/mesh/webhook").statusCode()).isEqualTo(405);
        assertThat(git.requests()).isEqualTo(before);
        assertThat(
                        service.post("/mesh/webhook", body, "X-Gitlab-Token", "hook-secret")
                                .statusCode())
                .isEqualTo(200);
        assertThat(git.requests()).isGreaterThan(before);
    }

    @Test
    @Order(4)
    void rewrittenHistoryIsFollowed() {
        String before = head();
        String rewritten =
                repository.commitTexts("main", null, "Rewritten", "mesh/b.yaml", "kind: B\n");

        assertThat(push("{}", "hook-secret").body()).contains(rewritten);
        assertThat(service.get("/mesh/bundle", BEARER).body())
                .contains("kind: B")
                .doesNotContain("kind: A");
        assertThat(service.get("/mesh/bundle?revision=" + before, BEARER).statusCode())
                .isEqualTo(404);
    }

    @Test
    @Order(5)
    void whileTheGitServerIsAwayTheLastCommitIsServedAlsoAfterARestart() {
        String commit = head();
        git.stop();

        HttpResponse<String> notified = push("{}", "hook-secret");
        assertThat(notified.statusCode()).isEqualTo(503);
        assertThat(notified.body()).doesNotContain("pass-9x", folder.toString());
        assertStaleOn(commit);

        service.close();
        service = start();
        RunningService.await(
                "the restarted service has tried",
                () -> meshHealth(200).toString().contains("refused"));
        assertStaleOn(commit);

        git.start();
        String next = repository.commitTexts("main", commit, "Next", "mesh/c.yaml", "kind: C\n");
        RunningService.await("the new commit is found by retrying", () -> head().equals(next));
        assertThat(meshHealth(200).get("details").get("status").asString()).isEqualTo("current");
        assertThat(meshHealth(200).get("details").get("lastFetchAgeSeconds").asDouble())
                .isBetween(0.0, 60.0);
    }

    @Test
    @Order(6)
    void everyEndpointButHealthAndWebhookWantsTheToken() {
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(("any:" + TOKEN).getBytes(StandardCharsets.UTF_8));
        for (String path :
                new String[] {
                    "/mesh/bundle",
                    "/mesh/log",
                    "/mesh/watch",
                    "/blog-api/default",
                    "/application-x.yml",
                    "/actuator/info",
                    "/actuator/prometheus",
                    "/actuator/env",
                    "/nothing"
                }) {
            HttpResponse<String> refused = service.get(path);
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(service.get(path, "Authorization", "Bearer wrong").statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(service.get(path, "Authorization", "Basic !").statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(service.get("/mesh/bundle", BEARER).statusCode()).isEqualTo(200);
        assertThat(service.get("/mesh/bundle", "Authorization", basic).statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(7)
    void notificationsAreLimited() {
        int refused = 0;
        for (int i = 0; i < 80; i++) {
            if (service.post("/mesh/webhook", new byte[0]).statusCode() == 429) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static void assertStaleOn(String commit) {
        JsonNode health = meshHealth(200);
        assertThat(health.get("status").asString()).isEqualTo("UP");
        assertThat(health.get("details").get("status").asString()).isEqualTo("stale");
        assertThat(health.get("details").get("commit").asString()).isEqualTo(commit);
        assertThat(health.toString())
                .contains("refused")
                .doesNotContain("pass-9x", folder.toString());
        assertThat(head()).isEqualTo(commit);
        assertThat(service.get("/blog-api/default", BEARER).statusCode()).isEqualTo(200);
    }

    private static JsonNode meshHealth(int status) {
        HttpResponse<String> response = service.get("/actuator/health");
        assertThat(response.statusCode()).isEqualTo(status);
        return RunningService.parse(response.body()).get("components").get("meshRepository");
    }

    private static String head() {
        return service.json("/mesh/bundle", BEARER).get("commit").asString();
    }

    private static HttpResponse<String> push(String body, String secret) {
        return service.post(
                "/mesh/webhook",
                body.getBytes(StandardCharsets.UTF_8),
                "X-Hub-Signature-256",
                signature(body, secret));
    }

    private static String signature(String body, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256="
                    + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
