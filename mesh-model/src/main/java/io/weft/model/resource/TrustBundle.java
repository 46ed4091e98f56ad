package io.weft.model.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What vouches for the identities of one trust domain.
 *
 * @param rootsPem PEM; several while roots are rotated: the one that signs comes first
 * @param denied of this domain, what must not be accepted although it is signed and valid: serial
 *     numbers (lower-case hexadecimal) and SPIFFE IDs; null is none
 * @param tokenKeys public keys of its JWT-SVIDs, a JWK set (RFC 7517); null is none
 */
public record TrustBundle(
        String trustDomain,
        String rootsPem,
        @Nullable List<String> denied,
        @Nullable String tokenKeys)
        implements MeshResource {

    public TrustBundle {
        denied = denied == null || denied.isEmpty() ? null : List.copyOf(denied);
    }

    /** With nothing denied, and without JWT-SVIDs. */
    public TrustBundle(String trustDomain, String rootsPem) {
        this(trustDomain, rootsPem, null, null);
    }

    @Override
    public String key() {
        return ResourceKeys.trust(trustDomain);
    }
}
