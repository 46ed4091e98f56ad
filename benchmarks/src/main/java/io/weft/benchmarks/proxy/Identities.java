package io.weft.benchmarks.proxy;

import io.weft.model.SpiffeId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A root and two ECDSA P-256 identities, made for one run, as PEM files: {@code ca.pem}, and for
 * {@code client} and {@code server} each {@code NAME.pem}, {@code NAME.key} and both in {@code
 * NAME.full.pem}. {@code NAME.svid.pem} is the same key with the URI as its only name, as SPIFFE
 * wants; the others have a DNS name, too, since nginx and HAProxy verify by that.
 */
public final class Identities {

    public static final SpiffeId CLIENT = new SpiffeId("cluster.local", "bench", "client");
    public static final SpiffeId SERVER = new SpiffeId("cluster.local", "bench", "server");

    /** The server's DNS name. */
    static final String SERVER_NAME = "server.bench";

    private static final X500Name ISSUER = new X500Name("O=weft,CN=benchmark");
    private static final Duration LIFE = Duration.ofDays(2);

    private final Path folder;
    private final KeyPair authority;

    private Identities(Path folder, KeyPair authority) {
        this.folder = folder;
        this.authority = authority;
    }

    public static Identities make(Path folder) throws IOException {
        try {
            Identities made = new Identities(Files.createDirectories(folder), keys());
            made.write("ca.pem", pem("CERTIFICATE", made.root().getEncoded()));
            made.issue("client", CLIENT, "client.bench");
            made.issue("server", SERVER, SERVER_NAME);
            return made;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    Path ca() {
        return folder.resolve("ca.pem");
    }

    /** Certificate of {@code client} or {@code server}. */
    Path chain(String name) {
        return folder.resolve(name + ".pem");
    }

    Path svid(String name) {
        return folder.resolve(name + ".svid.pem");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** Certificate and key in one file. */
    Path full(String name) {
        return folder.resolve(name + ".full.pem");
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private void issue(String name, SpiffeId id, String dns)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair pair = keys();
        GeneralName uri =
                new GeneralName(
                        GeneralName.uniformResourceIdentifier, new DERIA5String(id.uri(), false));
        GeneralNames both =
                new GeneralNames(
                        new GeneralName[] {uri, new GeneralName(GeneralName.dNSName, dns)});
        String chain = pem("CERTIFICATE", leaf(pair, both).getEncoded());
        String key = pem("PRIVATE KEY", pair.getPrivate());
        write(name + ".pem", chain);
        write(
                name + ".svid.pem",
                pem("CERTIFICATE", leaf(pair, new GeneralNames(uri)).getEncoded()));
        write(name + ".key", key);
        write(name + ".full.pem", chain + key);
    }

    private X509Certificate root()
            throws GeneralSecurityException, OperatorCreationException, IOException {
        JcaX509v3CertificateBuilder builder = builder(ISSUER, authority);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        return sign(builder);
    }

    private X509Certificate leaf(KeyPair pair, GeneralNames names)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        JcaX509v3CertificateBuilder builder = builder(new X500Name("O=weft"), pair);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                        new KeyPurposeId[] {
                            KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth
                        }));
        builder.addExtension(Extension.subjectAlternativeName, true, names);
        return sign(builder);
    }

    private static JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair pair) {
        Instant from = Instant.now().minusSeconds(60);
        return new JcaX509v3CertificateBuilder(
                ISSUER,
                new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
                Date.from(from),
                Date.from(from.plus(LIFE)),
                subject,
                pair.getPublic());
    }

    private X509Certificate sign(JcaX509v3CertificateBuilder builder)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(authority.getPrivate())));
    }

    private static String pem(String what, Key key) {
        return pem(what, key.getEncoded());
    }

    private static String pem(String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
