package io.weft.policy.ca;

import io.weft.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * An authority as it is stored; PEM.
 *
 * @param chainPem the signing certificate first, without roots
 * @param rootKeyPem null where the root was made elsewhere
 */
record StoredAuthority(
        String chainPem, Secret keyPem, String rootsPem, @Nullable Secret rootKeyPem) {

    static StoredAuthority of(AuthorityKeys keys) {
        return new StoredAuthority(
                Pem.certificates(keys.chain()),
                new Secret(Pem.privateKey(keys.key())),
                Pem.certificates(keys.roots()),
                keys.rootKey() == null ? null : new Secret(Pem.privateKey(keys.rootKey())));
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException when a part is not readable
     */
    AuthorityKeys keys() {
        return new AuthorityKeys(
                Pem.readCertificates(chainPem),
                Pem.readPrivateKey(keyPem.reveal()),
                Pem.readCertificates(rootsPem),
                rootKeyPem == null ? null : Pem.readPrivateKey(rootKeyPem.reveal()));
    }
}
