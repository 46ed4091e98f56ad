package io.weft.policy.ca;

import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * Signatures of certificates and requests. On elliptic curves by Bouncy Castle's arithmetic, which
 * takes a fifth of the time of the JDK's to verify and half of it to sign where the processor has
 * no instructions of its own for that; RSA by the JDK.
 */
final class Signatures {

    /** Used here alone; it is not among the JDK's providers. */
    private static final Provider CURVES = new BouncyCastleProvider();

    private Signatures() {}

    static ContentSigner signer(String algorithm, PrivateKey key) throws OperatorCreationException {
        JcaContentSignerBuilder builder = new JcaContentSignerBuilder(algorithm);
        return (isCurve(key) ? builder.setProvider(CURVES) : builder).build(key);
    }

    static ContentVerifierProvider verifier(PublicKey key) throws OperatorCreationException {
        JcaContentVerifierProviderBuilder builder = new JcaContentVerifierProviderBuilder();
        return (isCurve(key) ? builder.setProvider(CURVES) : builder).build(key);
    }

    private static boolean isCurve(Key key) {
        return key.getAlgorithm().equals("EC");
    }
}
