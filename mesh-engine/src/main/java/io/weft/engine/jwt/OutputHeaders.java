package io.weft.engine.jwt;

import io.weft.engine.AsciiCase;
import io.weft.engine.VerifiedToken;
import io.weft.model.authz.JwtRule;
import io.weft.model.route.HeaderOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The headers by which a rule tells the application what was in the token. */
final class OutputHeaders {

    private OutputHeaders() {}

    /** A caller must not be able to set these itself. */
    static List<HeaderOp> removals(JwtRule rule) {
        List<HeaderOp> removals = new ArrayList<>();
        if (rule.outputPayloadHeader() != null) {
            removals.add(new HeaderOp.Remove(AsciiCase.lower(rule.outputPayloadHeader())));
        }
        rule.claimsToHeaders()
                .forEach(c -> removals.add(new HeaderOp.Remove(AsciiCase.lower(c.header()))));
        return removals;
    }

    static List<HeaderOp> of(JwtRule rule, VerifiedToken token, String payload) {
        List<HeaderOp> headers = new ArrayList<>();
        if (rule.outputPayloadHeader() != null) {
            headers.add(new HeaderOp.Set(AsciiCase.lower(rule.outputPayloadHeader()), payload));
        }
        for (JwtRule.ClaimToHeader copy : rule.claimsToHeaders()) {
            String text = text(token.claim(copy.claim()));
            if (text != null && isHeaderValue(text)) {
                headers.add(new HeaderOp.Set(AsciiCase.lower(copy.header()), text));
            }
        }
        return headers;
    }

    /** Scalars as written, lists of scalars joined by commas; objects are not copied. */
    private static @Nullable String text(@Nullable Object claim) {
        return switch (claim) {
            case String text -> text;
            case Boolean flag -> flag.toString();
            case Number number -> number.toString();
            case List<?> list
                    when list.stream().noneMatch(e -> e instanceof List || e instanceof Map) ->
                    list.stream().map(String::valueOf).collect(Collectors.joining(","));
            case null, default -> null;
        };
    }

    /**
     * A claim must not smuggle a line into the request, nor what has no one spelling on the wire.
     */
    private static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }
}
