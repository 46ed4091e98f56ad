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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Asks everything that the web port offers, as an operator, and looks for what nobody may see. */
@Timeout(60)
class SecretsTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Pattern HREF = Pattern.compile("\"href\":\"([^\"]+)\"");
    private static final String CONFIG_TOKEN = "planted-config-token";
    private static final String JOIN_TOKEN = "planted-reusable-join-token";
    private static final String CLIENT_SECRET = "planted-client-secret";

    @TempDir static Path directory;
    private static ConfigurableApplicationContext application;
    private static String base;
    private static String operator;

    @BeforeAll
    static void start() throws Exception {
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.config-url=http://127.0.0.1:1",
                        "--weft.policy.config-token=" + CONFIG_TOKEN,
                        "--weft.policy.join.reusable-tokens[0].token=" + JOIN_TOKEN,
                        "--weft.policy.join.reusable-tokens[0].namespace=*",
                        "--weft.policy.join.reusable-tokens[0].service-account=*",
                        "--weft.policy.api.issuer=http://127.0.0.1:1",
                        "--weft.policy.api.jwks-uri=http://login.example/keys",
                        "--weft.policy.api.audiences=weft",
                        "--weft.policy.api.login.client-id=console",
                        "--weft.policy.api.login.client-secret=" + CLIENT_SECRET);
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
        operator = Files.readString(directory.resolve("state/operator-token")).strip();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static HttpResponse<String> get(String uri, boolean known) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(5));
        if (known) {
            request.header("authorization", "Bearer " + operator);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The planted ones, and whatever the authority keeps: each long word of its document. */
    private static Set<String> secrets() throws Exception {
        Set<String> all = new LinkedHashSet<>(List.of(CONFIG_TOKEN, JOIN_TOKEN, CLIENT_SECRET));
        all.add(operator);
        all.add(Files.readString(directory.resolve("state/login-cookie.keys")).strip());
        all.add("PRIVATE KEY");
        return all;
    }

    private static List<String> everyPath() throws Exception {
        List<String> all = new ArrayList<>();
        application
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping ->
                        mapping.getPatternsCondition()
                                .getPatterns()
                                .forEach(pattern ->
                                        all.add(
                                                base
                                                        + pattern.getPatternString()
                                                                .replaceAll("\\{[^}]*}", "x"))));
        Deque<String> links = new ArrayDeque<>(List.of(base + "/actuator"));
        Set<String> seen = new LinkedHashSet<>();
        while (!links.isEmpty()) {
            String next = links.poll();
            if (!seen.add(next)) {
                continue;
            }
            Matcher href = HREF.matcher(get(next, true).body());
            while (href.find()) {
                links.add(href.group(1).replaceAll("\\{[^}]*}", "x"));
            }
        }
        all.addAll(seen);
        for (String not :
                List.of(
                        "/",
                        "/actuator/health",
                        "/actuator/prometheus",
                        "/actuator/info",
                        "/actuator/metrics",
                        "/nothing",
                        "/api/v1/nothing",
                        "/actuator/env",
                        "/actuator/configprops",
                        "/actuator/heapdump",
                        "/error",
                        "/api/v1/status?x=%00")) {
            all.add(base + not);
        }
        return all;
    }

    @Test
    void noAnswerOfAnyPathHoldsASecret() throws Exception {
        Set<String> secrets = secrets();
        List<String> paths = everyPath();
        assertThat(paths).hasSizeGreaterThan(20).anyMatch(p -> p.contains("/actuator/health"));
        for (String path : paths) {
            if (path.contains("/tap") || path.contains("/events") || path.contains("/stream")) {
                continue; // An endless answer.
            }
            for (boolean known : List.of(true, false)) {
                HttpResponse<String> answer = get(path, known);
                String whole = answer.headers().map() + answer.body();
                for (String secret : secrets) {
                    assertThat(whole).as(path).doesNotContain(secret);
                }
                assertThat(whole).as(path).doesNotContain("\tat ", "Exception:");
            }
        }
    }

    @Test
    void whatCouldShowAnythingIsNotThere() throws Exception {
        for (String endpoint :
                List.of("env", "configprops", "heapdump", "threaddump", "beans", "shutdown")) {
            assertThat(get(base + "/actuator/" + endpoint, true).statusCode())
                    .as(endpoint)
                    .isEqualTo(404);
        }
    }
}
