package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.security.auth.x500.X500Principal;

/** What requests and certificates have in common, and certificates for a proxy that is alone. */
final class Certificates {

    static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    /** Of a GeneralName (RFC 5280, 4.2.1.6). */
    static final int URI_NAME = Der.CONTEXT | 6;

    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final int EXTENSIONS = Der.CONTEXT | Der.CONSTRUCTED | 3;
    private static final int SERIAL_BITS = 127;

    private Certificates() {}

    /** What was signed, how, and the signature, as requests and certificates have them. */
    static byte[] signed(byte[] content, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(content);
            return Der.sequence(content, algorithm(), Der.bits(0, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with P-256", e);
        }
    }

    private static byte[] algorithm() {
        return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    }

    static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.yes(), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    /** The identity as the only name. */
    static byte[] uriName(SpiffeId id) {
        return Der.sequence(Der.value(URI_NAME, id.uri().getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * An authority of its own.
     *
     * @param keys ECDSA P-256
     */
    record Issuer(X500Principal name, KeyPair keys, Instant from, Instant until) {

        X509Certificate root() {
            byte[] authority = Der.sequence(Der.yes());
            byte[] certSign = Der.bits(2, (byte) 0x04);
            return issue(
                    name,
                    keys.getPublic(),
                    extension(BASIC_CONSTRAINTS, true, authority),
                    extension(KEY_USAGE, true, certSign));
        }

        X509Certificate leaf(PublicKey key, SpiffeId id) {
            byte[] digitalSignature = Der.bits(7, (byte) 0x80);
            return issue(
                    new X500Principal("O=weft"),
                    key,
                    extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                    extension(KEY_USAGE, true, digitalSignature),
                    extension(SUBJECT_ALTERNATIVE_NAME, true, uriName(id)));
        }

        X509Certificate issue(X500Principal subject, PublicKey key, byte[]... extensions) {
            BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE);
            byte[] content =
                    Der.sequence(
                            Der.value(Der.CONTEXT | Der.CONSTRUCTED, Der.integer(BigInteger.TWO)),
                            Der.integer(serial),
                            algorithm(),
                            name.getEncoded(),
                            Der.sequence(Der.time(from), Der.time(until)),
                            subject.getEncoded(),
                            key.getEncoded(),
                            Der.value(EXTENSIONS, Der.sequence(extensions)));
            try {
                byte[] der = signed(content, keys.getPrivate());
                return (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(der));
            } catch (CertificateException e) {
                throw new IllegalStateException("certificate for " + subject, e);
            }
        }
    }
}
