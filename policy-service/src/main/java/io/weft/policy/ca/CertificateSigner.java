package io.weft.policy.ca;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** Makes certificates with one key. Thread-safe. */
final class CertificateSigner {

    /** 128 random bits, as the CA/Browser Forum asks for at least 64. */
    private static final int SERIAL_BITS = 128;

    private final X500Name issuer;
    private final PrivateKey key;
    private final PublicKey publicKey;
    private final String algorithm;
    private final SecureRandom random = new SecureRandom();

    CertificateSigner(X500Name issuer, PublicKey publicKey, PrivateKey key) {
        this.issuer = issuer;
        this.key = key;
        this.publicKey = publicKey;
        this.algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    }

    static CertificateSigner of(X509Certificate authority, PrivateKey key) {
        return new CertificateSigner(
                X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
                authority.getPublicKey(),
                key);
    }

    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /**
     * An authority's certificate.
     *
     * @param pathLength how many authorities may follow below it
     */
    X509Certificate authority(
            X500Name subject, PublicKey subjectKey, int pathLength, Instant from, Instant to) {
        try {
            return sign(
                    builder(subject, subjectKey, from, to)
                            .addExtension(
                                    Extension.basicConstraints,
                                    true,
                                    new BasicConstraints(pathLength))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("authority certificate", e);
        }
    }

    /**
     * A leaf for TLS in both directions; without a subject, as Istio's, so the names are critical.
     */
    X509Certificate leaf(PublicKey subjectKey, List<GeneralName> names, Instant from, Instant to) {
        try {
            return sign(
                    builder(new X500Name(""), subjectKey, from, to)
                            .addExtension(
                                    Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(
                                            new KeyPurposeId[] {
                                                KeyPurposeId.id_kp_serverAuth,
                                                KeyPurposeId.id_kp_clientAuth
                                            }))
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    true,
                                    new GeneralNames(names.toArray(GeneralName[]::new))));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("leaf certificate", e);
        }
    }

    private X509v3CertificateBuilder builder(
            X500Name subject, PublicKey subjectKey, Instant from, Instant to)
            throws IOException, GeneralSecurityException {
        BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
        JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
        return new JcaX509v3CertificateBuilder(
                        issuer, serial, Date.from(from), Date.from(to), subject, subjectKey)
                .addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        identifiers.createSubjectKeyIdentifier(subjectKey))
                .addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(publicKey));
    }

    private X509Certificate sign(X509v3CertificateBuilder builder) throws GeneralSecurityException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(Signatures.signer(algorithm, key)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("signing with " + algorithm, e);
        }
    }
}
