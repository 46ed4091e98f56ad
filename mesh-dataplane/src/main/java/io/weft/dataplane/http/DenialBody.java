package io.weft.dataplane.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weft.model.Origin;
import io.weft.model.listener.Denials;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said to somebody whom a policy refuses: the configured body, a problem (RFC 9457), or
 * Envoy's text for who asks for text. The deciding policy is named only where that is configured.
 */
record DenialBody(String contentType, String text) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Null for what is no refusal by a policy. */
    static @Nullable DenialBody of(Exchange exchange, ProxyError error, ErrorAnswer answer) {
        Denials denials = exchange.denials();
        return switch (error) {
            case ProxyError.AuthzDenied denied ->
                    of(denials.forbidden(), "Forbidden", exchange, answer, denied.decidedBy());
            case ProxyError.JwtInvalid invalid ->
                    of(
                            denials.unauthorized(),
                            "Unauthorized",
                            exchange,
                            answer,
                            invalid.decidedBy());
            default -> null;
        };
    }

    private static DenialBody of(
            Denials.@Nullable Body own,
            String title,
            Exchange exchange,
            ErrorAnswer answer,
            @Nullable Origin by) {
        if (own != null) {
            return new DenialBody(own.contentType(), own.text());
        }
        Denials denials = exchange.denials();
        if (denials.form() == Denials.Form.TEXT
                || asksForText(exchange.request().headers().get(HttpHeaderNames.ACCEPT))) {
            return new DenialBody("text/plain", answer.body());
        }
        ObjectNode problem =
                JSON.createObjectNode()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", answer.status())
                        .put("detail", answer.body());
        if (denials.showPolicy() && by != null && !by.isBuiltIn()) {
            problem.put("policy", by.describe());
        }
        return new DenialBody("application/problem+json", JSON.writeValueAsString(problem));
    }

    /** Text by name and JSON not: programs that compare Envoy's texts ask for nothing else. */
    private static boolean asksForText(@Nullable String accept) {
        if (accept == null) {
            return false;
        }
        String lower = accept.toLowerCase(Locale.ROOT);
        return lower.contains("text/plain") && !lower.contains("json");
    }
}
