package io.weft.model.wire;

import java.util.List;
import java.util.Map;

/**
 * The answer to a join or a renewal.
 *
 * @param chainPem leaf first, then intermediates
 * @param trustBundles trust domain to its roots, PEM
 * @param controlPlane addresses of the stream, {@code host:port}
 */
public record IssuedCertificate(
        String chainPem, Map<String, String> trustBundles, List<String> controlPlane) {

    public IssuedCertificate {
        trustBundles = Map.copyOf(trustBundles);
        controlPlane = List.copyOf(controlPlane);
    }
}
