package io.weft.testkit.lab.mesh;

import io.weft.dataplane.identity.Svid;
import io.weft.model.SpiffeId;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.CsrRefused;
import java.io.IOException;
import java.security.KeyPair;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Has the mesh's authority certify workloads, without a join over the wire. Thread-safe. */
record SvidMint(CertificateAuthority authority) {

    Svid issue(SpiffeId id) {
        KeyPair keys = LabPki.newKeys();
        try {
            return Svid.of(
                    keys.getPrivate(), authority.issue(request(keys, id), id, "lab").chainPem());
        } catch (CsrRefused | IOException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate for " + id + ": " + e.getMessage(), e);
        }
    }

    private static String request(KeyPair keys, SpiffeId id)
            throws IOException, OperatorCreationException {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, id.uri());
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(uri));
        byte[] der =
                new JcaPKCS10CertificationRequestBuilder(new X500Name("O=weft"), keys.getPublic())
                        .addAttribute(
                                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                extensions.generate())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keys.getPrivate()))
                        .getEncoded();
        return LabPki.block("CERTIFICATE REQUEST", der);
    }
}
