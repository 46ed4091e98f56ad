package io.weft.policy.kubernetes;

import io.weft.model.SpiffeId;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.server.TestKeys;
import io.weft.policy.state.StateDirectory;
import java.io.StringWriter;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.InstantSource;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** A certificate and its key, PEM. */
record TestCredential(String chain, String key) {

    private static final SpiffeId ID = new SpiffeId("cluster.local", "istio-system", "gateway");

    /** A new one of the authority whose state lies in the directory. */
    static TestCredential in(Path directory) throws Exception {
        CertificateAuthority authority =
                CertificateAuthority.open(
                        CaSettings.forTrustDomain("cluster.local"),
                        StateDirectory.open(directory.resolve("another-authority")),
                        InstantSource.system());
        KeyPair keys = TestKeys.ec("secp256r1");
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(keys.getPrivate(), null));
        }
        return new TestCredential(
                authority.issue(TestKeys.csr(keys, ID.uri()), ID, "test").chainPem(),
                text.toString());
    }
}
