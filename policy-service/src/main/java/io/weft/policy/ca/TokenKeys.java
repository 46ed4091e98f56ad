package io.weft.policy.ca;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import io.weft.model.Secret;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign JWT-SVIDs: others than those that sign certificates, and replaced together
 * with the root.
 *
 * @param current a private JWK (RFC 7517)
 * @param next announced, and when the rotation has switched the one that signs
 */
record TokenKeys(Secret current, @Nullable Secret next) {

    /** What SPIFFE calls the use of such keys. */
    static final KeyUse USE = new KeyUse("jwt-svid");

    static TokenKeys make() {
        return new TokenKeys(newKey(), null);
    }

    TokenKeys announcing() {
        return new TokenKeys(current, newKey());
    }

    /**
     * After a rotation, or after an announcement that was taken back.
     *
     * @param switched whether the next one signs
     */
    TokenKeys only(boolean switched) {
        return new TokenKeys(switched && next != null ? next : current, null);
    }

    /**
     * The current one first.
     *
     * @throws IllegalArgumentException when one is not readable
     */
    List<ECKey> all() {
        return next == null ? List.of(read(current)) : List.of(read(current), read(next));
    }

    private static ECKey read(Secret key) {
        try {
            return ECKey.parse(key.reveal());
        } catch (ParseException e) {
            // The parser's words may quote the key.
            throw new IllegalArgumentException("token key: not a private JWK of an EC key");
        }
    }

    private static Secret newKey() {
        try {
            KeyPair pair = CertificateSigner.newKeyPair();
            return new Secret(
                    new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                            .privateKey(pair.getPrivate())
                            .keyUse(USE)
                            .keyIDFromThumbprint()
                            .build()
                            .toJSONString());
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
