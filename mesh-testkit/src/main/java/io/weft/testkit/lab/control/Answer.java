package io.weft.testkit.lab.control;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What became of one request.
 *
 * @param status null when no HTTP answer came
 * @param error null when there was no failure
 * @param headers name and value, in order
 * @param details response code details of the proxies on the way, the caller's first
 * @param echo what the application saw, null when the request did not reach one
 */
public record Answer(
        @Nullable Integer status,
        @Nullable String error,
        List<List<String>> headers,
        String body,
        List<List<String>> trailers,
        String responseFlags,
        @Nullable String decidedBy,
        List<String> details,
        @Nullable JsonNode echo,
        double millis) {

    /** For a count above one. */
    public record Many(List<Answer> responses, Map<String, Integer> distribution) {}
}
