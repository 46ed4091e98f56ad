package io.weft.engine.jwt;

import com.nimbusds.jose.jwk.OctetKeyPair;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;

/** EdDSA by the JDK (RFC 8037); the JOSE library would want another cryptography library for it. */
final class Ed25519 {

    private static final int KEY_BYTES = 32;

    private Ed25519() {}

    static boolean verifies(OctetKeyPair key, byte[] input, byte[] signature) {
        byte[] encoded = key.getX().decode();
        if (encoded.length != KEY_BYTES) {
            return false;
        }
        try {
            // RFC 8032 §5.1.2: little-endian y, the top bit is the sign of x.
            boolean odd = (encoded[KEY_BYTES - 1] & 0x80) != 0;
            encoded[KEY_BYTES - 1] &= 0x7f;
            byte[] bigEndian = new byte[KEY_BYTES];
            for (int i = 0; i < KEY_BYTES; i++) {
                bigEndian[i] = encoded[KEY_BYTES - 1 - i];
            }
            EdECPoint point = new EdECPoint(odd, new BigInteger(1, bigEndian));
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(
                    KeyFactory.getInstance("Ed25519")
                            .generatePublic(
                                    new EdECPublicKeySpec(NamedParameterSpec.ED25519, point)));
            verifier.update(input);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
