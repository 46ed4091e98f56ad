package io.weft.policy.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.policy.PolicyServiceApplication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** People at the console with a session, and other sites that would ride on it. */
@Timeout(60)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleLoginTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir static Path directory;
    private static SmallProvider provider;
    private static ConfigurableApplicationContext application;
    private static String base;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        provider = new SmallProvider();
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.api.issuer=" + provider.issuer(),
                        "--weft.policy.api.jwks-uri=http://login.example/keys",
                        "--weft.policy.api.audiences=weft",
                        "--weft.policy.jwks.hosts.login.example=127.0.0.1:" + provider.port(),
                        "--weft.policy.api.login.client-id=console",
                        "--weft.policy.api.login.client-secret=" + SmallProvider.SECRET);
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
    }

    @AfterAll
    static void stop() {
        application.close();
        provider.close();
    }

    @BeforeEach
    void role() {
        provider.role = "viewer";
    }

    private HttpResponse<String> send(String method, String uri, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri))
                        .timeout(Duration.ofSeconds(20))
                        .header("content-type", "application/json")
                        .method(
                                method,
                                method.equals("GET")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(
                                                "{\"namespace\":\"a\",\"serviceAccount\":\"b\"}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        if (!cookies.isEmpty() && uri.startsWith(base)) {
            request.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> response =
                CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (String set : response.headers().allValues("set-cookie")) {
            String[] pair = set.split(";")[0].split("=", 2);
            if (set.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        }
        return response;
    }

    private static String location(HttpResponse<?> response) {
        return response.headers().firstValue("location").orElseThrow();
    }

    private void logIn() throws Exception {
        HttpResponse<String> begun = send("GET", base + "/?view=graph", "accept", "text/html");
        assertThat(begun.statusCode()).isEqualTo(302);
        HttpResponse<String> back = send("GET", location(send("GET", location(begun))));
        assertThat(back.statusCode()).isEqualTo(303);
        assertThat(location(back)).isEqualTo(base + "/?view=graph");
        assertThat(back.headers().allValues("set-cookie"))
                .allSatisfy(set -> assertThat(set).contains("HttpOnly", "SameSite=Lax"));
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (application.getBean(People.class).caller("Bearer " + provider.accessToken())
                instanceof People.Caller.Refused) {
            assertThat(System.nanoTime()).as("the keys come in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    @Order(1)
    void whoHasNotLoggedInSeesNothingAndProgramsGet401() throws Exception {
        assertThat(send("GET", base + "/", "accept", "text/html").statusCode()).isEqualTo(302);
        for (String path : List.of("/api/v1/status", "/", "/index.html", "/actuator/info")) {
            assertThat(send("GET", base + path, "accept", "application/json").statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        // Not configured yet, so it may say DOWN; but it says it to anybody.
        assertThat(send("GET", base + "/actuator/health").body()).contains("\"status\"");
    }

    @Test
    @Order(2)
    void aViewerReadsAndAnOperatorChanges() throws Exception {
        logIn();
        assertThat(send("GET", base + "/api/v1/status").statusCode()).isEqualTo(200);
        assertThat(send("POST", base + "/api/v1/tokens", "origin", base).statusCode())
                .isEqualTo(403);
        cookies.clear();
        provider.role = "operator";
        logIn();
        assertThat(send("POST", base + "/api/v1/tokens", "origin", base).statusCode())
                .isBetween(200, 201);
    }

    @Test
    @Order(3)
    void anotherSiteCannotRideOnASession() throws Exception {
        provider.role = "operator";
        logIn();
        String[][] riders = {
            {},
            {"origin", "https://evil.example"},
            {"origin", "null"},
            {"origin", base.replace("127.0.0.1", "localhost")},
            {"sec-fetch-site", "cross-site"},
            {"sec-fetch-site", "same-site"},
            {"origin", base, "sec-fetch-site", "cross-site"},
        };
        for (String[] headers : riders) {
            HttpResponse<String> refused = send("POST", base + "/api/v1/tokens", headers);
            assertThat(refused.statusCode()).as(List.of(headers).toString()).isEqualTo(403);
            assertThat(refused.headers().firstValue("access-control-allow-origin")).isEmpty();
        }
        HttpResponse<String> read =
                send("GET", base + "/api/v1/status", "sec-fetch-site", "cross-site");
        assertThat(read.statusCode()).isIn(401, 403);
    }

    @Test
    @Order(4)
    void everyAnswerHasAStrictContentSecurityPolicy() throws Exception {
        HttpResponse<String> begun = send("GET", base + "/", "accept", "text/html");
        HttpResponse<String> refused =
                send("GET", base + "/.weft/callback?state=%3Cscript%3E", "accept", "text/html");
        logIn();
        HttpResponse<String> page = send("GET", base + "/", "accept", "text/html");
        for (HttpResponse<String> one : List.of(begun, refused, page)) {
            assertThat(one.headers().allValues("content-security-policy"))
                    .singleElement()
                    .asString()
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(one.body()).doesNotContain("<script>alert", "%3Cscript");
        }
        assertThat(page.statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void theTokenOfAProgramCountsBesideASession() throws Exception {
        logIn();
        String operator = Files.readString(directory.resolve("state/operator-token")).strip();
        assertThat(
                        send("POST", base + "/api/v1/tokens", "authorization", "Bearer " + operator)
                                .statusCode())
                .isBetween(200, 201);
    }

    @Test
    @Order(6)
    void aSessionEndsWithTheLogout() throws Exception {
        logIn();
        assertThat(
                        send("POST", base + "/.weft/logout", "origin", "https://evil.example")
                                .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", base + "/.weft/logout", "origin", base).statusCode())
                .isEqualTo(303);
        assertThat(cookies).isEmpty();
    }

    @Test
    @Order(7)
    void loginsThatFailAreLimitedAndTheSecretIsNowhere() throws Exception {
        int limited = 0;
        for (int i = 0; i < 15; i++) {
            HttpResponse<String> answer =
                    send("GET", base + "/.weft/callback?code=x&state=" + i, "accept", "text/html");
            assertThat(answer.body()).doesNotContain(SmallProvider.SECRET);
            limited += answer.statusCode() == 429 ? 1 : 0;
        }
        assertThat(limited).isGreaterThanOrEqualTo(4);
    }
}
