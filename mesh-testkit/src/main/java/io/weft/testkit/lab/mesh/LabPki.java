package io.weft.testkit.lab.mesh;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.weft.model.Secret;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The lab's own authority for servers: gateways and applications that terminate TLS themselves. It
 * has nothing to do with the mesh's. Thread-safe.
 */
final class LabPki {

    private static final Duration BACKDATE = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(3650);
    private static final X500Name ISSUER = new X500Name("O=weft lab,CN=lab CA");

    private final KeyPair keys = newKeys();
    private final AtomicLong serial = new AtomicLong(1);
    private final Instant now;
    private final X509Certificate root;

    LabPki(Instant now) {
        this.now = now;
        this.root = sign(keys, ISSUER, List.of(), true);
    }

    /** A certificate with its key, PEM. */
    record Issued(String chainPem, Secret keyPem) {}

    String rootPem() {
        return pem(root);
    }

    Issued issue(List<String> dnsNames) {
        KeyPair leaf = newKeys();
        X509Certificate certificate = sign(leaf, new X500Name("O=weft lab"), dnsNames, false);
        String key = block("PRIVATE KEY", leaf.getPrivate().getEncoded());
        return new Issued(pem(certificate) + rootPem(), new Secret(key));
    }

    /** For an application that speaks HTTP/2 and HTTP/1.1 over TLS. */
    SslContext server(List<String> dnsNames) {
        KeyPair leaf = newKeys();
        X509Certificate certificate = sign(leaf, new X500Name("O=weft lab"), dnsNames, false);
        try {
            return SslContextBuilder.forServer(leaf.getPrivate(), certificate, root)
                    .applicationProtocolConfig(
                            new ApplicationProtocolConfig(
                                    ApplicationProtocolConfig.Protocol.ALPN,
                                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                    ApplicationProtocolConfig.SelectedListenerFailureBehavior
                                            .ACCEPT,
                                    "h2",
                                    "http/1.1"))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("the lab's own certificate is not usable", e);
        }
    }

    private X509Certificate sign(
            KeyPair subject, X500Name name, List<String> dnsNames, boolean authority) {
        try {
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            ISSUER,
                            BigInteger.valueOf(serial.getAndIncrement()),
                            Date.from(now.minus(BACKDATE)),
                            Date.from(now.plus(LIFETIME)),
                            name,
                            subject.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!dnsNames.isEmpty()) {
                GeneralName[] names =
                        dnsNames.stream()
                                .map(dns -> new GeneralName(GeneralName.dNSName, dns))
                                .toArray(GeneralName[]::new);
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(keys.getPrivate())));
        } catch (IOException | OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("the lab's certificates cannot be made", e);
        }
    }

    static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate just made has an encoding", e);
        }
    }

    static String block(String type, byte[] der) {
        String text =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
    }
}
