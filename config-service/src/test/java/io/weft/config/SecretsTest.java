package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Asks everything that config-service offers, errors included, and looks for its secrets. */
@Timeout(60)
class SecretsTest {

    private static final Pattern HREF = Pattern.compile("\"href\":\"http://[^/]+(/[^\"]*)\"");
    private static final String PASSWORD = "planted-git-password";
    private static final String TOKEN = "planted-access-token";
    private static final String HOOK = "planted-webhook-secret";
    private static final String KEY = "planted-encryption-key";

    @TempDir Path directory;

    @Test
    void noAnswerHoldsASecretNotEvenWhileTheGitServerCannotBeReached() {
        try (RunningService service =
                RunningService.start(
                        "--weft.config.git.uri=http://weft:" + PASSWORD + "@127.0.0.1:1/policy.git",
                        "--weft.config.access-token=" + TOKEN,
                        "--weft.config.webhook.secret=" + HOOK,
                        "--encrypt.key=" + KEY,
                        "--spring.cloud.config.server.git.basedir="
                                + directory.resolve("mirror"))) {
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (String path : paths(service)) {
                answers.add(service.get(path));
                answers.add(service.get(path, "Authorization", "Bearer " + TOKEN));
                answers.add(service.get(path, "Authorization", "Bearer wrong"));
            }
            answers.add(
                    service.post(
                            "/mesh/webhook",
                            "{}".getBytes(StandardCharsets.UTF_8),
                            "X-Hub-Signature-256",
                            "sha256=00"));
            assertThat(answers).hasSizeGreaterThan(40);
            for (HttpResponse<String> answer : answers) {
                assertThat(answer.headers().map() + answer.body())
                        .as(answer.uri().getPath())
                        .doesNotContain(PASSWORD, TOKEN, HOOK, KEY)
                        .doesNotContain(directory.toString(), "\tat ", "Exception:");
            }
        }
    }

    private static Set<String> paths(RunningService service) {
        Set<String> seen = new LinkedHashSet<>();
        Deque<String> links = new ArrayDeque<>(List.of("/actuator"));
        while (!links.isEmpty()) {
            String next = links.poll();
            if (seen.add(next)) {
                Matcher href =
                        HREF.matcher(service.get(next, "Authorization", "Bearer " + TOKEN).body());
                while (href.find()) {
                    links.add(href.group(1).replaceAll("\\{[^}]*}", "x"));
                }
            }
        }
        seen.addAll(
                List.of(
                        "/mesh/bundle",
                        "/mesh/bundle?revision=main",
                        "/mesh/log",
                        "/application/default",
                        "/application/default/main",
                        "/application-default.yml",
                        "/application/default/main/x.txt",
                        "/actuator/env",
                        "/actuator/configprops",
                        "/actuator/heapdump",
                        "/encrypt/status",
                        "/decrypt",
                        "/key",
                        "/error",
                        "/nothing"));
        return seen;
    }
}
