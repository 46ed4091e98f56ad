package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import javax.security.auth.x500.X500Principal;

/** Makes the workload's keys and asks for their certification; keys are made here, and stay. */
final class Keys {

    /** An attribute of a request (RFC 2985, 5.4.2). */
    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

    private Keys() {}

    /** A new ECDSA P-256 pair. */
    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** A PKCS#10 request (RFC 2986) whose only SAN is the identity's URI. */
    static String certificationRequest(KeyPair keys, SpiffeId id) {
        byte[] wanted =
                Certificates.extension(
                        Certificates.SUBJECT_ALTERNATIVE_NAME, false, Certificates.uriName(id));
        byte[] attribute =
                Der.sequence(Der.oid(EXTENSION_REQUEST), Der.setOf(Der.sequence(wanted)));
        byte[] information =
                Der.sequence(
                        Der.integer(BigInteger.ZERO),
                        new X500Principal("O=weft").getEncoded(),
                        keys.getPublic().getEncoded(),
                        Der.value(Der.CONTEXT | Der.CONSTRUCTED, attribute));
        return Pem.block(
                "CERTIFICATE REQUEST", Certificates.signed(information, keys.getPrivate()));
    }

    /** Signs and verifies a probe, since a certificate for another key could never be used. */
    static void requirePair(PrivateKey secret, PublicKey open) {
        String algorithm =
                secret.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] probe = "weft".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(probe);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("certificate: for a key of another kind", e);
        }
        throw new IllegalArgumentException("certificate: for another key than the one held");
    }
}
