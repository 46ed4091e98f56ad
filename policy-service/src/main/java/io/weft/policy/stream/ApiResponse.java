package io.weft.policy.stream;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/** What is answered. */
sealed interface ApiResponse {

    JsonMapper JSON = JsonMapper.shared();

    /** An answer whose size is known. */
    record Whole(int status, String contentType, byte[] body) implements ApiResponse {}

    /** Newline-delimited JSON for as long as the peer listens. */
    record Lines(Consumer<LineSink> opened) implements ApiResponse {}

    static ApiResponse noContent() {
        return new Whole(204, "", new byte[0]);
    }

    static ApiResponse json(byte[] body) {
        return new Whole(200, "application/json", body);
    }

    /** RFC 9457. */
    static ApiResponse problem(int status, String title, String detail) {
        String body =
                JSON.writeValueAsString(Map.of("status", status, "title", title, "detail", detail));
        return new Whole(status, "application/problem+json", body.getBytes(StandardCharsets.UTF_8));
    }
}
