package io.weft.engine.jwt;

import io.weft.engine.VerifiedToken;
import io.weft.model.authz.JwtRule;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rule with its keys: says whether a parsed token is good. */
record CompiledRule(JwtRule rule, KeySet keys) {

    /** Clocks may differ by this much. */
    private static final long SKEW_SECONDS = 60;

    /** Claims that are lists written with spaces (RFC 8693 §4.2), as Istio treats them. */
    private static final List<String> SPACE_DELIMITED = List.of("scope", "permission");

    /** Why the token is not good, or null. */
    @Nullable String refusal(ParsedToken token, Instant now) {
        String badSignature = keys.verify(token.header(), token.signingInput(), token.signature());
        if (badSignature != null) {
            return badSignature;
        }
        String badAudience = audienceRefusal(rule, token.claims());
        return badAudience != null ? badAudience : timeRefusal(token.claims(), now);
    }

    /** Why the token is not for whom the rule speaks, or null. */
    static @Nullable String audienceRefusal(JwtRule rule, Map<String, Object> claims) {
        List<String> audiences = audiences(claims);
        if (audiences == null) {
            return "the token's aud is neither a string nor a list of strings";
        }
        return !rule.audiences().isEmpty()
                        && audiences.stream().noneMatch(rule.audiences()::contains)
                ? "the token is for another audience"
                : null;
    }

    /** Why the token does not hold at this time, or null. */
    static @Nullable String timeRefusal(Map<String, Object> claims, Instant now) {
        Object expires = claims.get("exp");
        Object begins = claims.get("nbf");
        if ((expires != null && !(expires instanceof Number))
                || (begins != null && !(begins instanceof Number))) {
            return "the token's exp or nbf is not a number";
        }
        double seconds = now.getEpochSecond() + now.getNano() / 1e9;
        if (expires instanceof Number end && seconds >= end.doubleValue() + SKEW_SECONDS) {
            return "the token has expired";
        }
        if (begins instanceof Number start && seconds < start.doubleValue() - SKEW_SECONDS) {
            return "the token is not valid yet";
        }
        return null;
    }

    VerifiedToken accept(ParsedToken token) {
        return accept(rule, token.claims());
    }

    /** The claims as policies see them. */
    static VerifiedToken accept(JwtRule rule, Map<String, Object> verified) {
        Map<String, Object> claims = new HashMap<>(verified);
        SPACE_DELIMITED.forEach(name -> split(claims, name));
        rule.spaceDelimitedClaims().forEach(name -> split(claims, name));
        List<String> audiences = audiences(verified);
        return VerifiedToken.of(
                rule.issuer(),
                claims.get("sub") instanceof String subject && !subject.isEmpty() ? subject : null,
                audiences == null ? List.of() : audiences,
                claims.get("azp") instanceof String presenter ? presenter : null,
                claims);
    }

    private static void split(Map<String, Object> claims, String name) {
        if (claims.get(name) instanceof String text) {
            claims.put(name, text.isBlank() ? List.of() : List.of(text.strip().split(" +")));
        }
    }

    private static @Nullable List<String> audiences(Map<String, Object> claims) {
        return switch (claims.get("aud")) {
            case null -> List.of();
            case String one -> List.of(one);
            case List<?> list when list.stream().allMatch(String.class::isInstance) ->
                    list.stream().map(String.class::cast).toList();
            default -> null;
        };
    }
}
