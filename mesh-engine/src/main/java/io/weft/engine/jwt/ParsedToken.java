package io.weft.engine.jwt;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A compact JWS taken apart (RFC 7515 §7.1); nothing in it is to be believed yet.
 *
 * @param payload base64url, as it stands in the token
 */
record ParsedToken(
        JWSHeader header,
        Map<String, Object> claims,
        String payload,
        byte[] signingInput,
        Base64URL signature) {

    /** Longer tokens are refused unread: nothing legitimate is near this. */
    static final int MAX_LENGTH = 16 * 1024;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
            new TypeReference<>() {};

    /**
     * Takes apart.
     *
     * @throws Malformed when it is not a signed token that this mesh could ever accept
     */
    static ParsedToken parse(String token) throws Malformed {
        if (token.length() > MAX_LENGTH) {
            throw new Malformed("the token is longer than " + MAX_LENGTH + " characters");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw new Malformed("the token does not have three parts");
        }
        Map<String, Object> header = object(decode(parts[0]));
        Map<String, Object> claims = object(decode(parts[1]));
        decode(parts[2]);
        if (header.containsKey("crit")) {
            throw new Malformed("the token demands extensions (crit)");
        }
        if (header.get("alg") instanceof String alg
                && alg.equalsIgnoreCase(Algorithm.NONE.getName())) {
            throw new Malformed("the token is not signed");
        }
        try {
            return new ParsedToken(
                    JWSHeader.parse(new Base64URL(parts[0])),
                    claims,
                    parts[1],
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    new Base64URL(parts[2]));
        } catch (ParseException | IllegalArgumentException e) {
            throw new Malformed("the token's header is not a JWS header");
        }
    }

    /** The issuer that the token claims, null when it names none. */
    @Nullable String issuer() {
        return claims.get("iss") instanceof String issuer ? issuer : null;
    }

    private static byte[] decode(String part) throws Malformed {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            if (again.equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Falls to the refusal below.
        }
        throw new Malformed("the token is not base64url");
    }

    private static Map<String, Object> object(byte[] json) throws Malformed {
        try {
            Map<String, @Nullable Object> members = JSON.readValue(json, OBJECT);
            if (members != null) {
                return JsonValues.withoutNulls(members);
            }
        } catch (JacksonException e) {
            // Falls to the refusal below; the parser's words may quote the token.
        }
        throw new Malformed("the token's JSON is malformed or has a member twice");
    }

    /** A token that cannot be read; the message holds nothing of it. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String reason) {
            super(reason, null, false, false);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
