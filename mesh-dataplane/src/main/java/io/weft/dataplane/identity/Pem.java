package io.weft.dataplane.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and keys in their textual form (RFC 7468). */
public final class Pem {

    private static final int MAX_LENGTH = 1 << 20;
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";

    private Pem() {}

    /**
     * Reads all certificates of a text, in order.
     *
     * @throws IllegalArgumentException when there is none, or one cannot be read
     */
    public static List<X509Certificate> certificates(String pem) {
        if (pem.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "certificates: " + pem.length() + " characters (expected: <= 1 MiB)");
        }
        try {
            List<X509Certificate> found = new ArrayList<>();
            byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw new IllegalArgumentException("certificates: none (expected: PEM)");
            }
            return List.copyOf(found);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "certificates: not readable (expected: PEM): " + e.getMessage(), e);
        }
    }

    /**
     * Reads a PKCS#8 key without a password, EC or RSA.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static PrivateKey privateKey(String pem) {
        int begin = pem.indexOf(BEGIN_KEY);
        int end = pem.indexOf(END_KEY);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("private key: not found (expected: PKCS#8 PEM)");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN_KEY.length(), end));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("private key: not base64 (expected: PEM)", e);
        }
        for (String algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                // Another algorithm may fit; the message below names those that were tried.
            }
        }
        throw new IllegalArgumentException("private key: not readable (expected: EC or RSA)");
    }

    /** The certificates as PEM, in the order given. */
    public static String encode(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificate: cannot be encoded", e);
        }
        return text.toString();
    }

    /** The key as PKCS#8 PEM. */
    public static String encode(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static String block(String type, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
