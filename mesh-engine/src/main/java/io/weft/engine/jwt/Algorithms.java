package io.weft.engine.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.util.List;

/** Which algorithms a key of a type may serve (RFC 7518 §3.1, RFC 8037). */
final class Algorithms {

    static final List<JWSAlgorithm> RSA =
            List.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512);

    private Algorithms() {}

    static List<JWSAlgorithm> of(Curve curve) {
        if (curve.equals(Curve.P_256)) {
            return List.of(JWSAlgorithm.ES256);
        }
        if (curve.equals(Curve.P_384)) {
            return List.of(JWSAlgorithm.ES384);
        }
        if (curve.equals(Curve.P_521)) {
            return List.of(JWSAlgorithm.ES512);
        }
        return curve.equals(Curve.Ed25519)
                ? List.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519)
                : List.of();
    }

    /** A secret must be at least as long as the hash (RFC 7518 §3.2). */
    static List<JWSAlgorithm> hmac(int bits) {
        if (bits >= 512) {
            return List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384, JWSAlgorithm.HS512);
        }
        if (bits >= 384) {
            return List.of(JWSAlgorithm.HS256, JWSAlgorithm.HS384);
        }
        return bits >= 256 ? List.of(JWSAlgorithm.HS256) : List.of();
    }
}
