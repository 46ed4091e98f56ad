package io.weft.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a token whose signature, issuer, audience and times have been verified.
 *
 * @param issuer {@code iss}
 * @param subject {@code sub}, null when the token has none
 * @param audiences {@code aud} as a list, empty when the token has none
 * @param presenter {@code azp}, null when the token has none
 * @param claims all claims: strings, numbers, booleans, lists and maps; space-delimited claims are
 *     lists already
 * @param principal {@code iss/sub}, null without a subject
 * @param others verified tokens of other issuers that came with it; usually none
 */
public record VerifiedToken(
        String issuer,
        @Nullable String subject,
        List<String> audiences,
        @Nullable String presenter,
        Map<String, Object> claims,
        @Nullable String principal,
        List<VerifiedToken> others) {

    public VerifiedToken {
        others = List.copyOf(others);
        audiences = List.copyOf(audiences);
        claims = Map.copyOf(claims);
    }

    /** With the principal made of issuer and subject. */
    public static VerifiedToken of(
            String issuer,
            @Nullable String subject,
            List<String> audiences,
            @Nullable String presenter,
            Map<String, Object> claims) {
        String principal = subject == null ? null : issuer + "/" + subject;
        return new VerifiedToken(
                issuer, subject, audiences, presenter, claims, principal, List.of());
    }

    /** This token as it came with others. */
    public VerifiedToken with(List<VerifiedToken> companions) {
        return new VerifiedToken(
                issuer, subject, audiences, presenter, claims, principal, companions);
    }

    /** A claim by names from the outermost inwards, null when there is none. */
    public @Nullable Object claim(List<String> path) {
        Object value = claims;
        for (int i = 0; i < path.size(); i++) {
            if (!(value instanceof Map<?, ?> map)) {
                return null;
            }
            value = map.get(path.get(i));
        }
        return value;
    }

    /** Says who, never what: claims may be personal. */
    @Override
    public String toString() {
        return "VerifiedToken[" + principal + "]";
    }
}
