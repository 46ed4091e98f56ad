package io.weft.dataplane.identity;

import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Identities for a proxy without a control plane. */
public final class LocalIdentity {

    private static final Duration LIFE = Duration.ofDays(3650);
    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final X500Name AUTHORITY = new X500Name("O=weft,CN=local");

    private LocalIdentity() {}

    /**
     * An identity that nobody else trusts and that trusts nobody else: plain text works where a
     * policy permits it, mutual TLS with others does not.
     */
    public static MeshTls alone(SpiffeId id, MeshClock clock) {
        KeyPair authority = Keys.generate();
        KeyPair leaf = Keys.generate();
        Instant from = clock.now().minus(SKEW);
        X509Certificate root = sign(AUTHORITY, authority, authority, null, from);
        X509Certificate certificate = sign(new X500Name("O=weft"), leaf, authority, id, from);
        Svid svid = new Svid(id, leaf.getPrivate(), List.of(certificate));
        return MeshTls.of(svid, Map.of(id.trustDomain(), Pem.encode(List.of(root))), clock);
    }

    /**
     * An identity from PEM files; read once.
     *
     * @throws IllegalArgumentException naming the file that cannot be used
     */
    public static MeshTls fromFiles(Path chain, Path key, Path roots, MeshClock clock) {
        try {
            Svid svid = Svid.of(Pem.privateKey(read(key)), read(chain));
            return MeshTls.of(svid, Map.of(svid.id().trustDomain(), read(roots)), clock);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "identity files " + chain + ", " + key + ", " + roots + ": " + e.getMessage(),
                    e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read (expected: PEM)", e);
        }
    }

    private static X509Certificate sign(
            X500Name subject,
            KeyPair keys,
            KeyPair authority,
            @org.jspecify.annotations.Nullable SpiffeId id,
            Instant from) {
        try {
            var builder =
                    new JcaX509v3CertificateBuilder(
                            AUTHORITY,
                            new BigInteger(127, new SecureRandom()).add(BigInteger.ONE),
                            Date.from(from),
                            Date.from(from.plus(LIFE)),
                            subject,
                            keys.getPublic());
            builder.addExtension(
                    Extension.basicConstraints, true, new BasicConstraints(id == null));
            int usage = id == null ? KeyUsage.keyCertSign : KeyUsage.digitalSignature;
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (id != null) {
                GeneralName uri =
                        new GeneralName(
                                GeneralName.uniformResourceIdentifier,
                                new DERIA5String(id.uri(), false));
                builder.addExtension(Extension.subjectAlternativeName, true, new GeneralNames(uri));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(authority.getPrivate())));
        } catch (CertIOException | OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("certificate for " + subject, e);
        }
    }
}
