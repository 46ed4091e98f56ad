package io.weft.blog.launcher.apps;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.topology.ProxySpec;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;

/** Makes an instance of blog-api misbehave, and counts what reaches it; past the mesh. */
public final class FaultSwitch {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int API_PORT = 8080;

    private FaultSwitch() {}

    /** The next requests to the articles are answered with this status. */
    public static void fail(ProxySpec api, int times, int status) throws IOException {
        plan(api, "{\"times\":%d,\"status\":%d,\"path\":\"/api/v1\"}".formatted(times, status));
    }

    /** The next requests are answered that much later. */
    public static void delay(ProxySpec api, int times, Duration delay) throws IOException {
        plan(
                api,
                "{\"times\":%d,\"delayMillis\":%d,\"path\":\"/api/v1\"}"
                        .formatted(times, delay.toMillis()));
    }

    /** Nothing fails any more. */
    public static void heal(ProxySpec api) throws IOException {
        send(api, new HttpQuestion("DELETE", "localhost", "/demo/faults", java.util.List.of(), ""));
    }

    /** How many requests to the API have arrived there. */
    public static long arrived(ProxySpec api) throws IOException {
        HttpAnswer answer = send(api, HttpQuestion.get("localhost", "/demo/requests"));
        return JsonMapper.shared().readTree(answer.body()).path("/api/v1").asLong(0);
    }

    private static void plan(ProxySpec api, String json) throws IOException {
        send(api, HttpQuestion.json("POST", "localhost", "/demo/faults", json));
    }

    private static HttpAnswer send(ProxySpec api, HttpQuestion question) throws IOException {
        HttpAnswer answer =
                HttpConnection.once(Target.plain(api.port(API_PORT).appPort()), question, TIMEOUT);
        if (answer.status() / 100 != 2) {
            throw new IOException(
                    question.describe() + ": " + answer.status() + " " + answer.body());
        }
        return answer;
    }
}
