package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A certificate request (RFC 2986) that proves possession of its key and asks for exactly one name,
 * the identity that its sender has proven. Only the key is taken from it.
 */
record CheckedCsr(SpiffeId identity, PublicKey key) {

    private static final int MAX_LENGTH = 16 * 1024;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 4096;
    private static final Set<ASN1ObjectIdentifier> SIGNATURES =
            Set.of(
                    X9ObjectIdentifiers.ecdsa_with_SHA256,
                    X9ObjectIdentifiers.ecdsa_with_SHA384,
                    X9ObjectIdentifiers.ecdsa_with_SHA512,
                    PKCSObjectIdentifiers.sha256WithRSAEncryption,
                    PKCSObjectIdentifiers.sha384WithRSAEncryption,
                    PKCSObjectIdentifiers.sha512WithRSAEncryption);

    static CheckedCsr check(String pem, SpiffeId identity) throws CsrRefused {
        JcaPKCS10CertificationRequest request = parse(pem);
        requireOnlyName(request, identity);
        PublicKey key = key(request);
        requirePossession(request, key);
        return new CheckedCsr(identity, key);
    }

    private static JcaPKCS10CertificationRequest parse(String pem) throws CsrRefused {
        if (pem.length() > MAX_LENGTH) {
            throw new CsrRefused(
                    "csr: " + pem.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) {
                return new JcaPKCS10CertificationRequest(request);
            }
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle throws unchecked exceptions for much malformed ASN.1.
            throw new CsrRefused("csr: not readable (expected: PKCS#10 in PEM)");
        }
        throw new CsrRefused("csr: none found (expected: PKCS#10 in PEM)");
    }

    private static void requireOnlyName(PKCS10CertificationRequest request, SpiffeId identity)
            throws CsrRefused {
        Attribute[] attributes = request.getAttributes();
        try {
            if (attributes.length != 1
                    || !attributes[0]
                            .getAttrType()
                            .equals(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
                throw new CsrRefused("csr: attributes (expected: one extension request only)");
            }
            Extensions wanted =
                    Extensions.getInstance(attributes[0].getAttrValues().getObjectAt(0));
            ASN1ObjectIdentifier[] oids = wanted.getExtensionOIDs();
            if (oids.length != 1 || !oids[0].equals(Extension.subjectAlternativeName)) {
                throw new CsrRefused("csr: extensions (expected: subjectAltName only)");
            }
            GeneralName[] names =
                    GeneralNames.fromExtensions(wanted, Extension.subjectAlternativeName)
                            .getNames();
            if (names.length != 1 || names[0].getTagNo() != GeneralName.uniformResourceIdentifier) {
                throw new CsrRefused("csr: subjectAltName (expected: exactly one URI)");
            }
            String uri = names[0].getName().toString();
            if (!uri.equals(identity.uri())) {
                throw new CsrRefused(
                        "csr: name '" + printable(uri) + "' (expected: " + identity + ")");
            }
        } catch (RuntimeException e) {
            throw new CsrRefused("csr: extension request not readable");
        }
    }

    private static PublicKey key(JcaPKCS10CertificationRequest request) throws CsrRefused {
        try {
            PublicKey key = request.getPublicKey();
            if (key instanceof RSAPublicKey rsa) {
                int bits = rsa.getModulus().bitLength();
                if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                    throw new CsrRefused(
                            "csr: RSA key of " + bits + " bits (expected: 2048..4096)");
                }
                return key;
            }
            var curve = request.getSubjectPublicKeyInfo().getAlgorithm().getParameters();
            if (key instanceof ECPublicKey && SECObjectIdentifiers.secp256r1.equals(curve)) {
                return key;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CsrRefused("csr: key not readable (expected: P-256 or RSA)");
        }
        throw new CsrRefused("csr: key (expected: ECDSA P-256 or RSA)");
    }

    private static void requirePossession(PKCS10CertificationRequest request, PublicKey key)
            throws CsrRefused {
        if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
            throw new CsrRefused("csr: signature algorithm (expected: SHA-256 or better)");
        }
        try {
            if (request.isSignatureValid(Signatures.verifier(key))) {
                return;
            }
        } catch (OperatorException | PKCSException | RuntimeException e) {
            throw new CsrRefused("csr: signature cannot be verified");
        }
        throw new CsrRefused("csr: signature does not match its key");
    }

    private static String printable(String text) {
        int[] kept =
                text.codePoints().limit(200).map(c -> c < 0x20 || c > 0x7e ? '?' : c).toArray();
        return Arrays.stream(kept)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
