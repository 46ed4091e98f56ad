package io.weft.policy.ca;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs, with its certificate and what leads to the roots.
 *
 * @param chain the signing certificate first, without roots
 * @param rootKey of the first root; null where it was made elsewhere
 */
record AuthorityKeys(
        List<X509Certificate> chain,
        PrivateKey key,
        List<X509Certificate> roots,
        @Nullable PrivateKey rootKey) {

    AuthorityKeys {
        chain = List.copyOf(chain);
        roots = List.copyOf(roots);
    }

    X509Certificate signing() {
        return chain.getFirst();
    }

    @Override
    public String toString() {
        return "AuthorityKeys[" + signing().getSubjectX500Principal() + "]";
    }
}
