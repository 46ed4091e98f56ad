package io.weft.blog.launcher.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority made on the spot, and what it signs. The demo has one for its web addresses; a check
 * makes another to be an intruder with.
 */
public final class DemoCertificates {

    private static final Duration LIFE = Duration.ofDays(7);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair keys;
    private final X509Certificate root;

    private DemoCertificates(KeyPair keys, X509Certificate root) {
        this.keys = keys;
        this.root = root;
    }

    /** A certificate with its key. */
    public record Leaf(X509Certificate certificate, KeyPair keys) {

        public String certificatePem() {
            return pem(certificate);
        }

        /** PKCS#8, as every server reads it. */
        public String keyPem() {
            try {
                return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
            } catch (org.bouncycastle.util.io.pem.PemGenerationException e) {
                throw new IllegalStateException("a fresh key is always encodable", e);
            }
        }
    }

    /** A new authority. */
    public static DemoCertificates create(String commonName, Instant now) {
        KeyPair keys = newKeys();
        X500Principal name = new X500Principal("CN=" + commonName);
        try {
            JcaX509v3CertificateBuilder builder = builder(name, name, keys, now);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new DemoCertificates(keys, sign(builder, keys));
        } catch (IOException e) {
            throw new IllegalStateException(commonName + ": not encodable", e);
        }
    }

    public X509Certificate root() {
        return root;
    }

    public String rootPem() {
        return pem(root);
    }

    /** A server certificate for DNS names; the first is the common name. */
    public Leaf server(List<String> dnsNames, Instant now) {
        List<GeneralName> names =
                dnsNames.stream().map(name -> new GeneralName(GeneralName.dNSName, name)).toList();
        return leaf("CN=" + dnsNames.getFirst(), names, now);
    }

    /** A certificate with a SPIFFE ID, as a mesh would issue it. */
    public Leaf workload(String spiffeUri, Instant now) {
        return leaf(
                "O=weft",
                List.of(new GeneralName(GeneralName.uniformResourceIdentifier, spiffeUri)),
                now);
    }

    private Leaf leaf(String subject, List<GeneralName> names, Instant now) {
        KeyPair leafKeys = newKeys();
        try {
            JcaX509v3CertificateBuilder builder =
                    builder(
                            root.getSubjectX500Principal(),
                            new X500Principal(subject),
                            leafKeys,
                            now);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(
                            new KeyPurposeId[] {
                                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                            }));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(names.toArray(GeneralName[]::new)));
            return new Leaf(sign(builder, keys), leafKeys);
        } catch (IOException e) {
            throw new IllegalStateException(subject + ": not encodable", e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair keys, Instant now) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, RANDOM).setBit(64),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(LIFE)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair signer) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(signer.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can sign with ECDSA P-256", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes a file that only its owner can read, where the file system knows owners. */
    public static void writePrivate(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, text);
    }
}
