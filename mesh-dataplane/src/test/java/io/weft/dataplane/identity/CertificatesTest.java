package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.SpiffeId;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written here is read by another's parser, and the other way round. */
class CertificatesTest {

    private static final SpiffeId ID =
            SpiffeId.parse("spiffe://cluster.local/ns/blog/sa/" + "api-".repeat(40) + "0")
                    .orElseThrow();

    @Test
    void aRequestNamesTheIdentityAndIsSignedByItsKey() throws Exception {
        KeyPair keys = Keys.generate();

        PKCS10CertificationRequest request =
                (PKCS10CertificationRequest)
                        new PEMParser(new StringReader(Keys.certificationRequest(keys, ID)))
                                .readObject();

        assertThat(
                        request.isSignatureValid(
                                new JcaContentVerifierProviderBuilder().build(keys.getPublic())))
                .isTrue();
        assertThat(request.getSubject()).hasToString("O=weft");
        GeneralName[] names =
                GeneralNames.fromExtensions(
                                request.getRequestedExtensions(), Extension.subjectAlternativeName)
                        .getNames();
        assertThat(names).hasSize(1);
        assertThat(names[0].getTagNo()).isEqualTo(GeneralName.uniformResourceIdentifier);
        assertThat(names[0].getName()).hasToString(ID.uri());
    }

    @Test
    void aCertificateOfItsOwnAuthorityIsAnSvid() throws Exception {
        Instant from = Instant.parse("2049-12-31T23:59:50Z");
        Certificates.Issuer issuer =
                new Certificates.Issuer(
                        new X500Principal("CN=local,O=weft"),
                        Keys.generate(),
                        from,
                        from.plusSeconds(60));
        X509Certificate root = issuer.root();
        X509Certificate leaf = issuer.leaf(Keys.generate().getPublic(), ID);

        leaf.verify(root.getPublicKey());
        root.verify(root.getPublicKey());
        assertThat(SvidRules.identityOf(leaf)).isEqualTo(ID);
        assertThat(root.getBasicConstraints()).isGreaterThan(0);
        assertThat(leaf.getNotBefore().toInstant()).isEqualTo(from);
        assertThat(leaf.getNotAfter().toInstant()).isEqualTo(from.plusSeconds(60));
        JcaX509CertificateHolder other = new JcaX509CertificateHolder(leaf);
        assertThat(other.getCriticalExtensionOIDs()).hasSize(3);
        assertThat(other.getNotBefore().toInstant()).isEqualTo(from);
        assertThat(other.getIssuer()).hasToString("O=weft,CN=local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2.840.113549.1.9.14", "2.5.29.17", "1.2.840.10045.4.3.2", "0.9.127"})
    void objectIdentifiersAreWrittenAsAnotherWritesThem(String oid) throws Exception {
        assertThat(Der.oid(oid)).isEqualTo(new ASN1ObjectIdentifier(oid).getEncoded("DER"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 65535, 65536})
    void contentOfAnyLengthComesBack(int length) {
        byte[] content = new byte[length];

        assertThat(new DerReader(Der.octets(content)).only(Der.OCTET_STRING)).isEqualTo(content);
    }

    @Test
    void numbersKeepTheirSign() {
        List.of("0", "127", "128", "-1", "170141183460469231731687303715884105728")
                .forEach(number ->
                        assertThat(
                                        new BigInteger(
                                                new DerReader(Der.integer(new BigInteger(number)))
                                                        .only(Der.INTEGER)))
                                .isEqualTo(number));
    }

    @ParameterizedTest
    @CsvSource({
        "'', ends too early",
        "04, ends too early",
        "0402ff, length 2",
        "04800000, length of 0 bytes",
        "0481020000, shortest form",
        "048200ff, shortest form",
        "0484ffffffff, length of 4 bytes",
        "1f010000, tag of several bytes",
        "020100, tag 2",
        "0400 00, more than one value",
    })
    void whatIsNotDistinguishedIsRefused(String hex, String reason) {
        byte[] der = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatThrownBy(() -> new DerReader(der).only(Der.OCTET_STRING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
