package io.weft.model.resource;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root certificates of one trust domain.
 *
 * @param rootsPem PEM; several while roots are rotated: the one that signs comes first
 * @param denied of this domain, what must not be accepted although it is signed and valid: serial
 *     numbers (lower-case hexadecimal) and SPIFFE IDs; null is none
 */
public record TrustBundle(String trustDomain, String rootsPem, @Nullable List<String> denied)
        implements MeshResource {

    public TrustBundle {
        denied = denied == null || denied.isEmpty() ? null : List.copyOf(denied);
    }

    /** With nothing denied. */
    public TrustBundle(String trustDomain, String rootsPem) {
        this(trustDomain, rootsPem, null);
    }

    @Override
    public String key() {
        return ResourceKeys.trust(trustDomain);
    }
}
