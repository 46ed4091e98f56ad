package io.weft.policy.ca;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** The text form of certificates and keys (RFC 7468). */
public final class Pem {

    private Pem() {}

    /** Certificates, in the order given. */
    public static String certificates(List<X509Certificate> chain) {
        StringBuilder text = new StringBuilder();
        chain.forEach(certificate -> text.append(write(certificate)));
        return text.toString();
    }

    /** A private key as unencrypted PKCS#8. */
    static String privateKey(PrivateKey key) {
        try {
            return write(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * All certificates of a text; other objects are passed over.
     *
     * @throws IllegalArgumentException when one is not readable, or there is none
     */
    public static List<X509Certificate> readCertificates(String text) {
        List<X509Certificate> found = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof X509CertificateHolder holder) {
                    found.add(new JcaX509CertificateConverter().getCertificate(holder));
                }
            }
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("certificate: not readable: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("certificate: none found (expected: PEM)");
        }
        return List.copyOf(found);
    }

    /**
     * The first private key of a text: PKCS#8, or the older EC and RSA forms; not encrypted.
     *
     * @throws IllegalArgumentException when there is none
     */
    static PrivateKey readPrivateKey(String text) {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object each = parser.readObject(); each != null; each = parser.readObject()) {
                if (each instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (each instanceof PEMKeyPair pair) {
                    KeyPair keys = converter.getKeyPair(pair);
                    return keys.getPrivate();
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("private key: not readable", e);
        }
        throw new IllegalArgumentException("private key: none found (expected: PEM, PKCS#8)");
    }

    /**
     * Checks that a private key belongs to the first certificate of a chain.
     *
     * @throws IllegalArgumentException when it does not, or one of them is not readable
     */
    public static void requirePair(String chainPem, String keyPem) {
        if (!KeyPairs.belongTogether(
                readCertificates(chainPem).getFirst().getPublicKey(), readPrivateKey(keyPem))) {
            throw new IllegalArgumentException("private key: does not belong to the certificate");
        }
    }

    private static String write(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
