package io.weft.policy.federation;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Another trust domain whose workloads ours may meet. Its bundle is at one of both places.
 *
 * @param trustDomain never our own
 * @param file a SPIFFE bundle document or PEM; looked at again and again; for a URL with {@code
 *     endpointId} the bundle that vouches for its first answer
 * @param url of a bundle endpoint, https
 * @param endpointId SPIFFE ID that the endpoint must show (profile https_spiffe); null for a web
 *     certificate (https_web)
 */
public record ForeignDomain(
        String trustDomain, @Nullable Path file, @Nullable URI url, @Nullable String endpointId) {

    public ForeignDomain {
        if (file == null && url == null) {
            throw new IllegalArgumentException(
                    "federation with " + trustDomain + ": no bundle (expected: a file or a URL)");
        }
        if (url != null && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException(
                    "federation with " + trustDomain + ": '" + url + "' (expected: https://…)");
        }
        if (endpointId != null
                && (file == null || !endpointId.startsWith("spiffe://" + trustDomain + "/"))) {
            throw new IllegalArgumentException(
                    "federation with "
                            + trustDomain
                            + ": endpoint "
                            + endpointId
                            + " (expected: an identity of that domain, and a file with its first"
                            + " bundle)");
        }
    }
}
