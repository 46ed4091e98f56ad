package io.weft.policy.ca;

import io.weft.model.Secret;
import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Makes roots (ten years) and intermediates (a year, anew when less than a third is left), ECDSA
 * P-256; or a request for an intermediate that an outer authority signs.
 */
final class AuthorityMaker {

    private static final Duration ROOT_LIFETIME = Duration.ofDays(3650);
    private static final Duration INTERMEDIATE_LIFETIME = Duration.ofDays(365);
    private static final Duration BACKDATE = Duration.ofMinutes(1);
    private static final ASN1ObjectIdentifier EXTENSIONS =
            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest;

    private final String trustDomain;

    AuthorityMaker(String trustDomain) {
        this.trustDomain = trustDomain;
    }

    /** A new root with a first intermediate. */
    AuthorityKeys make(Instant now) {
        KeyPair pair = CertificateSigner.newKeyPair();
        X500Name name = name("Weft root " + now.getEpochSecond());
        X509Certificate root =
                new CertificateSigner(name, pair.getPublic(), pair.getPrivate())
                        .authority(
                                name,
                                pair.getPublic(),
                                1,
                                now.minus(BACKDATE),
                                now.plus(ROOT_LIFETIME));
        return below(root, pair.getPrivate(), List.of(root), now);
    }

    /** The same root with a new intermediate; only where the root's key is here. */
    AuthorityKeys renewed(AuthorityKeys aging, Instant now) {
        PrivateKey rootKey = aging.rootKey();
        if (rootKey == null) {
            throw new IllegalStateException("the root's key is not here");
        }
        return below(aging.roots().getFirst(), rootKey, aging.roots(), now);
    }

    private AuthorityKeys below(
            X509Certificate root, PrivateKey rootKey, List<X509Certificate> roots, Instant now) {
        KeyPair pair = CertificateSigner.newKeyPair();
        Instant end = now.plus(INTERMEDIATE_LIFETIME);
        Instant rootEnd = root.getNotAfter().toInstant();
        X509Certificate intermediate =
                CertificateSigner.of(root, rootKey)
                        .authority(
                                name("Weft intermediate"),
                                pair.getPublic(),
                                0,
                                now.minus(BACKDATE),
                                end.isBefore(rootEnd) ? end : rootEnd);
        return new AuthorityKeys(List.of(intermediate), pair.getPrivate(), roots, rootKey);
    }

    /** Whether {@link #renewed} is due and possible. */
    static boolean isAging(AuthorityKeys keys, Instant now) {
        if (keys.rootKey() == null
                || keys.roots().getFirst().getNotAfter().toInstant().isBefore(now)) {
            return false;
        }
        Instant from = keys.signing().getNotBefore().toInstant();
        Instant to = keys.signing().getNotAfter().toInstant();
        return now.isAfter(to.minus(Duration.between(from, to).dividedBy(3)));
    }

    /** A key, and the request (RFC 2986) for an authority's certificate for it. */
    Request request() {
        KeyPair pair = CertificateSigner.newKeyPair();
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            ExtensionsGenerator wanted = new ExtensionsGenerator();
            wanted.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            wanted.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            writer.writeObject(
                    new JcaPKCS10CertificationRequestBuilder(
                                    name("Weft intermediate"), pair.getPublic())
                            .addAttribute(EXTENSIONS, wanted.generate())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(pair.getPrivate())));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("request for an authority's certificate", e);
        }
        return new Request(text.toString(), new Secret(Pem.privateKey(pair.getPrivate())));
    }

    private X500Name name(String common) {
        return new X500NameBuilder()
                .addRDN(BCStyle.O, trustDomain)
                .addRDN(BCStyle.CN, common)
                .build();
    }

    /** What is sent to an outer authority, and what stays. */
    record Request(String csrPem, Secret keyPem) {}
}
