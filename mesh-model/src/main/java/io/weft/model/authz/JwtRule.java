package io.weft.model.authz;

import io.weft.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens of one issuer are found and verified (RFC 7519). A request without a token passes; a
 * token that does not verify is answered with 401.
 *
 * @param issuer {@code iss} must be equal
 * @param audiences one of these must be in {@code aud}; empty accepts any
 * @param jwks name of the key set resource
 * @param headers where the token is looked for; all three lists empty is {@code Authorization:
 *     Bearer} and the query parameter {@code access_token}
 * @param outputPayloadHeader header that receives the base64url payload, null for none
 * @param spaceDelimitedClaims claims that are split at spaces, beyond {@code scope}
 * @param withOthers whether its token may come beside those of other such rules, of other issuers
 *     and at other places; else a second token is refused
 */
public record JwtRule(
        String issuer,
        List<String> audiences,
        String jwks,
        List<HeaderLocation> headers,
        List<String> params,
        List<String> cookies,
        boolean forwardOriginal,
        @Nullable String outputPayloadHeader,
        List<ClaimToHeader> claimsToHeaders,
        List<String> spaceDelimitedClaims,
        boolean withOthers,
        Origin origin) {

    public JwtRule {
        audiences = List.copyOf(audiences);
        headers = List.copyOf(headers);
        params = List.copyOf(params);
        cookies = List.copyOf(cookies);
        claimsToHeaders = List.copyOf(claimsToHeaders);
        spaceDelimitedClaims = List.copyOf(spaceDelimitedClaims);
    }

    /** One whose token comes alone. */
    public JwtRule(
            String issuer,
            List<String> audiences,
            String jwks,
            List<HeaderLocation> headers,
            List<String> params,
            List<String> cookies,
            boolean forwardOriginal,
            @Nullable String outputPayloadHeader,
            List<ClaimToHeader> claimsToHeaders,
            List<String> spaceDelimitedClaims,
            Origin origin) {
        this(
                issuer,
                audiences,
                jwks,
                headers,
                params,
                cookies,
                forwardOriginal,
                outputPayloadHeader,
                claimsToHeaders,
                spaceDelimitedClaims,
                false,
                origin);
    }

    /** A header (lower case) and what precedes the token in it, for example {@code "Bearer "}. */
    public record HeaderLocation(String name, String prefix) {}

    /** A claim, by names from the outermost inwards, that is copied to a header. */
    public record ClaimToHeader(String header, List<String> claim) {
        public ClaimToHeader {
            claim = List.copyOf(claim);
        }
    }
}
