package io.weft.dataplane.identity;

import io.weft.model.SpiffeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Makes the workload's keys and asks for their certification; keys are made here, and stay. */
final class Keys {

    private Keys() {}

    /** A new ECDSA P-256 pair. */
    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /** A PKCS#10 request (RFC 2986) whose only SAN is the identity's URI. */
    static String certificationRequest(KeyPair keys, SpiffeId id) {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            GeneralName uri = new GeneralName(GeneralName.uniformResourceIdentifier, id.uri());
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(uri));
            byte[] der =
                    new JcaPKCS10CertificationRequestBuilder(
                                    new X500Principal("O=weft"), keys.getPublic())
                            .addAttribute(
                                    PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                    extensions.generate())
                            .build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(keys.getPrivate()))
                            .getEncoded();
            return Pem.block("CERTIFICATE REQUEST", der);
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("certification request for " + id, e);
        }
    }

    /** Signs and verifies a probe, since a certificate for another key could never be used. */
    static void requirePair(PrivateKey secret, PublicKey open) {
        String algorithm =
                secret.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        byte[] probe = "weft".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(probe);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("certificate: for a key of another kind", e);
        }
        throw new IllegalArgumentException("certificate: for another key than the one held");
    }
}
