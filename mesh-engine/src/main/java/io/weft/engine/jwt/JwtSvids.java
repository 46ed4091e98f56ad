package io.weft.engine.jwt;

import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Verifies JWT-SVIDs: the signature by the keys of the subject's own trust domain, the audience,
 * the times. Thread-safe.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md#5-validation">
 *     JWT-SVID, 5</a>
 */
public final class JwtSvids {

    private final Supplier<Map<String, String>> keys;
    private final MeshClock clock;
    private final Map<String, KeySet> parsed = new ConcurrentHashMap<>();

    /**
     * @param keys JWK sets by trust domain, as they are in force
     */
    public JwtSvids(Supplier<Map<String, String>> keys, MeshClock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Who shows the token, and what it says.
     *
     * @param subject a SPIFFE ID with any path: other trust domains have other forms
     */
    public record Verified(String subject, Map<String, Object> claims) {}

    /**
     * Verifies.
     *
     * @param audience must be one of the token's
     * @throws IllegalArgumentException with the reason, which tells nothing of the token's content
     */
    public Verified verify(String token, String audience) {
        ParsedToken parts;
        try {
            parts = ParsedToken.parse(token);
        } catch (ParsedToken.Malformed e) {
            throw new IllegalArgumentException(e.reason());
        }
        Map<String, Object> claims = parts.claims();
        String subject = claims.get("sub") instanceof String text ? text : "";
        String domain =
                SpiffeId.trustDomainOf(subject)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "the token's subject is not a SPIFFE ID"));
        String type = parts.header().getType() == null ? "" : parts.header().getType().getType();
        if (!type.isEmpty() && !type.equals("JWT") && !type.equals("JOSE")) {
            throw new IllegalArgumentException("the token's type is neither JWT nor JOSE");
        }
        String json = keys.get().get(domain);
        if (json == null) {
            throw new IllegalArgumentException("no keys of trust domain " + domain);
        }
        String refusal =
                keySet(json).verify(parts.header(), parts.signingInput(), parts.signature());
        if (refusal == null) {
            refusal = CompiledRule.timeRefusal(claims, clock.now());
        }
        if (refusal == null && !claims.containsKey("exp")) {
            refusal = "the token never expires";
        }
        if (refusal == null && !names(claims.get("aud"), audience)) {
            refusal = "the token is for another audience";
        }
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        return new Verified(subject, claims);
    }

    private static boolean names(@org.jspecify.annotations.Nullable Object claim, String audience) {
        return claim instanceof List<?> list ? list.contains(audience) : audience.equals(claim);
    }

    /** A few sets at most: those in force, and for a moment those before. */
    private KeySet keySet(String json) {
        if (parsed.size() > 64) {
            parsed.clear();
        }
        return parsed.computeIfAbsent(json, KeySet::parse);
    }
}
