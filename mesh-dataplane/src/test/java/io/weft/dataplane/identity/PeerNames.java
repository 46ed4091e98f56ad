package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/**
 * One text of names, read by three: here, by Bouncy Castle and by the JDK. Who is accepted here is
 * who the others see, and the only one.
 */
public final class PeerNames {

    private static final int URI = 6;
    private static final KeyPair KEYS = Keys.generate();
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    private PeerNames() {}

    /**
     * @param names what stands in the extension of alternative names
     * @return who is accepted here
     * @throws AssertionError when somebody else sees another one
     */
    public static Optional<SpiffeId> readersAgree(byte[] names) {
        Optional<SpiffeId> here = here(Der.octets(names));
        if (here.isEmpty()) {
            return here;
        }
        List<String> expected = List.of(here.get().uri());
        require(expected.equals(bouncyCastle(names)), names, "Bouncy Castle", bouncyCastle(names));
        Optional<List<String>> jdk = jdk(names);
        require(jdk.isEmpty() || expected.equals(jdk.get()), names, "the JDK", jdk);
        return here;
    }

    private static void require(boolean holds, byte[] names, String who, Object seen) {
        if (!holds) {
            throw new AssertionError(
                    java.util.HexFormat.of().formatHex(names) + ": " + who + " reads " + seen);
        }
    }

    private static Optional<SpiffeId> here(byte[] extension) {
        try {
            List<String> uris = SvidRules.uris(extension);
            return uris.size() == 1 ? SpiffeId.parse(uris.getFirst()) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> bouncyCastle(byte[] names) {
        List<String> uris = new ArrayList<>();
        try {
            ASN1Primitive value = ASN1Primitive.fromByteArray(names);
            for (GeneralName name : GeneralNames.getInstance(value).getNames()) {
                if (name.getTagNo() == GeneralName.uniformResourceIdentifier) {
                    uris.add(name.getName().toString());
                }
            }
            ASN1OctetString.getInstance(Der.octets(names));
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            // It is stricter about the inside of other forms, and then sees no identity at all.
            return innerUris(names);
        }
        return uris;
    }

    /** Name by name, where one of another form spoils the whole for Bouncy Castle. */
    private static List<String> innerUris(byte[] names) {
        List<String> uris = new ArrayList<>();
        DerReader each = new DerReader(new DerReader(names).only(Der.SEQUENCE));
        while (each.hasNext()) {
            int tag = each.tag();
            byte[] single = Der.sequence(Der.value(tag, each.content(tag)));
            try {
                GeneralName name =
                        GeneralNames.getInstance(ASN1Primitive.fromByteArray(single)).getNames()[0];
                if (name.getTagNo() == GeneralName.uniformResourceIdentifier) {
                    uris.add(name.getName().toString());
                }
            } catch (IOException | IllegalArgumentException | IllegalStateException e) {
                // Not readable as any name, so no identity.
            }
        }
        return uris;
    }

    /** Empty where the JDK cannot read the names. */
    private static Optional<List<String>> jdk(byte[] names) {
        try {
            X509Certificate leaf = certificate(extension(names));
            Collection<List<?>> read = leaf.getSubjectAlternativeNames();
            return read == null
                    ? Optional.empty()
                    : Optional.of(
                            read.stream()
                                    .filter(name -> name.getFirst().equals(URI))
                                    .map(name -> String.valueOf(name.get(1)))
                                    .toList());
        } catch (CertificateParsingException e) {
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    static byte[] extension(byte[] names) {
        return Certificates.extension(Certificates.SUBJECT_ALTERNATIVE_NAME, false, names);
    }

    /** A leaf with these extensions and no valid signature. */
    static X509Certificate certificate(byte[]... extensions) throws CertificateException {
        byte[] algorithm = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
        byte[] name = new X500Principal("O=weft").getEncoded();
        byte[] content =
                Der.sequence(
                        Der.value(Der.CONTEXT | Der.CONSTRUCTED, Der.integer(BigInteger.TWO)),
                        Der.integer(BigInteger.ONE),
                        algorithm,
                        name,
                        Der.sequence(Der.time(FROM), Der.time(FROM.plusSeconds(3600))),
                        name,
                        KEYS.getPublic().getEncoded(),
                        Der.value(Der.CONTEXT | Der.CONSTRUCTED | 3, Der.sequence(extensions)));
        byte[] der = Der.sequence(content, algorithm, Der.bits(0, new byte[] {0}));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der));
    }
}
