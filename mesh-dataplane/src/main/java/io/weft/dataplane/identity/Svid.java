package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * An X.509-SVID with its private key; immutable.
 *
 * @param chain leaf first, then intermediates
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md">X509-SVID</a>
 */
public record Svid(SpiffeId id, PrivateKey key, List<X509Certificate> chain) {

    public Svid {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: leaf first)");
        }
    }

    /**
     * Takes the identity from the leaf.
     *
     * @throws IllegalArgumentException when the leaf is not an SVID or the key is not its
     */
    public static Svid of(PrivateKey key, String chainPem) {
        List<X509Certificate> chain = Pem.certificates(chainPem);
        X509Certificate leaf = chain.getFirst();
        try {
            Svid svid = new Svid(SvidRules.identityOf(leaf), key, chain);
            Keys.requirePair(key, leaf.getPublicKey());
            return svid;
        } catch (CertificateException e) {
            throw new IllegalArgumentException("SVID: " + e.getMessage(), e);
        }
    }

    public X509Certificate leaf() {
        return chain.getFirst();
    }

    public Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return leaf().getNotAfter().toInstant();
    }

    @Override
    public String toString() {
        return "Svid[" + id + ", until " + notAfter() + "]";
    }
}
