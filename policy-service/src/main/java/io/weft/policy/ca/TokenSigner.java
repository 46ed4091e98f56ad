package io.weft.policy.ca;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.weft.model.SpiffeId;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * Makes JWT-SVIDs with the first of its keys. Thread-safe.
 *
 * @see <a href="https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md">JWT-SVID</a>
 */
final class TokenSigner {

    private final List<ECKey> keys;

    TokenSigner(List<ECKey> keys) {
        this.keys = List.copyOf(keys);
    }

    boolean hasKey() {
        return !keys.isEmpty();
    }

    String sign(SpiffeId subject, List<String> audience, Instant from, Instant to) {
        ECKey key = keys.getFirst();
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256)
                                .type(JOSEObjectType.JWT)
                                .keyID(key.getKeyID())
                                .build(),
                        new JWTClaimsSet.Builder()
                                .subject(subject.uri())
                                .audience(audience)
                                .issueTime(Date.from(from))
                                .expirationTime(Date.from(to))
                                .build());
        try {
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("signing a JWT-SVID", e);
        }
    }

    /** The public parts, each a JWK. */
    List<String> publicKeys() {
        return keys.stream().map(key -> key.toPublicJWK().toJSONString()).toList();
    }
}
