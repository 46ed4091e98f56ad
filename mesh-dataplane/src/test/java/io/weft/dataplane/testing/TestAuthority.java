package io.weft.dataplane.testing;

import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.Pem;
import io.weft.dataplane.identity.Svid;
import io.weft.engine.MeshClock;
import io.weft.model.SpiffeId;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.DERIA5String;
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
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A certificate authority of one trust domain that also issues what it must not. */
public final class TestAuthority {

    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final String trustDomain;
    private final KeyPair keys = newKeys();
    private final X509Certificate root;

    private TestAuthority(String trustDomain) {
        this.trustDomain = trustDomain;
        Instant now = Instant.now();
        this.root =
                new LeafSpec()
                        .from(now.minus(Duration.ofDays(1)))
                        .until(now.plus(Duration.ofDays(3650)))
                        .authority()
                        .sign("CN=root of " + trustDomain, keys.getPublic(), this);
    }

    public static TestAuthority of(String trustDomain) {
        return new TestAuthority(trustDomain);
    }

    public String trustDomain() {
        return trustDomain;
    }

    public X509Certificate root() {
        return root;
    }

    public String rootPem() {
        return Pem.encode(List.of(root));
    }

    /** The bundle of this trust domain alone. */
    public Map<String, String> bundle() {
        return Map.of(trustDomain, rootPem());
    }

    /** TLS of a workload that trusts this trust domain alone; in memory, by the system's clock. */
    public MeshTls tls(SpiffeId id) {
        return MeshTls.of(svid(id), bundle(), MeshClock.system());
    }

    public SpiffeId id(String namespace, String serviceAccount) {
        return new SpiffeId(trustDomain, namespace, serviceAccount);
    }

    /** A good SVID, valid for an hour from now. */
    public Svid svid(SpiffeId id) {
        return svid(id, Instant.now().minusSeconds(60), Duration.ofHours(1));
    }

    public Svid svid(SpiffeId id, Instant from, Duration life) {
        KeyPair pair = newKeys();
        X509Certificate leaf =
                new LeafSpec().uri(id.uri()).from(from).until(from.plus(life)).issue(this, pair);
        return new Svid(id, pair.getPrivate(), List.of(leaf));
    }

    /** An SVID of any shape: its identity is what is claimed, its leaf what the spec says. */
    public Svid odd(SpiffeId claimed, LeafSpec spec) {
        KeyPair pair = newKeys();
        return new Svid(claimed, pair.getPrivate(), List.of(spec.issue(this, pair)));
    }

    /** Certifies the key of a PKCS#10 request, for the identity in the request. */
    public String certify(String csrPem, Instant from, Duration life) {
        try (PEMParser parser = new PEMParser(new java.io.StringReader(csrPem))) {
            JcaPKCS10CertificationRequest csr =
                    new JcaPKCS10CertificationRequest(
                            (PKCS10CertificationRequest) parser.readObject());
            String uri =
                    GeneralNames.fromExtensions(
                                    csr.getRequestedExtensions(), Extension.subjectAlternativeName)
                            .getNames()[0]
                            .getName()
                            .toString();
            LeafSpec spec = new LeafSpec().uri(uri).from(from).until(from.plus(life));
            return Pem.encode(List.of(spec.sign("O=weft", csr.getPublicKey(), this)));
        } catch (java.io.IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What shall be in a certificate; a good client and server leaf unless said otherwise. */
    public static final class LeafSpec {

        private final List<GeneralName> names = new ArrayList<>();
        private Instant from = Instant.now().minusSeconds(60);
        private Instant until = Instant.now().plusSeconds(3600);
        private boolean authority;
        private int keyUsage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
        private List<KeyPurposeId> purposes =
                List.of(KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth);

        public LeafSpec uri(String uri) {
            names.add(
                    new GeneralName(
                            GeneralName.uniformResourceIdentifier, new DERIA5String(uri, false)));
            return this;
        }

        public LeafSpec dns(String name) {
            names.add(new GeneralName(GeneralName.dNSName, name));
            return this;
        }

        public LeafSpec from(Instant instant) {
            this.from = instant;
            return this;
        }

        public LeafSpec until(Instant instant) {
            this.until = instant;
            return this;
        }

        /** A certificate that may sign others. */
        public LeafSpec authority() {
            this.authority = true;
            this.keyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;
            this.purposes = List.of();
            return this;
        }

        /** Bits of {@link KeyUsage}; 0 leaves the extension out. */
        public LeafSpec keyUsage(int bits) {
            this.keyUsage = bits;
            return this;
        }

        public LeafSpec purposes(KeyPurposeId... ids) {
            this.purposes = List.of(ids);
            return this;
        }

        X509Certificate issue(TestAuthority authority, KeyPair pair) {
            return sign("O=weft", pair.getPublic(), authority);
        }

        X509Certificate sign(String subject, PublicKey key, TestAuthority issuer) {
            try {
                X509v3CertificateBuilder builder =
                        new JcaX509v3CertificateBuilder(
                                new X500Name("CN=root of " + issuer.trustDomain),
                                BigInteger.valueOf(SERIAL.getAndIncrement()),
                                Date.from(from),
                                Date.from(until),
                                new X500Name(subject),
                                key);
                builder.addExtension(
                        Extension.basicConstraints, true, new BasicConstraints(authority));
                if (keyUsage != 0) {
                    builder.addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage));
                }
                if (!purposes.isEmpty()) {
                    builder.addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(purposes.toArray(new KeyPurposeId[0])));
                }
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(new GeneralName[0])));
                }
                return new JcaX509CertificateConverter()
                        .getCertificate(
                                builder.build(
                                        new JcaContentSignerBuilder("SHA256withECDSA")
                                                .build(issuer.keys.getPrivate())));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
