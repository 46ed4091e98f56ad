package io.weft.policy.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * The control plane's own certificate.
 *
 * @param chain leaf first, without roots
 * @param issuer what has signed it
 * @param renewAt when the next one shall be made
 */
public record ServerCredential(
        List<X509Certificate> chain, PrivateKey key, X509Certificate issuer, Instant renewAt) {

    public ServerCredential {
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "ServerCredential[serial=" + chain.getFirst().getSerialNumber().toString(16) + "]";
    }
}
