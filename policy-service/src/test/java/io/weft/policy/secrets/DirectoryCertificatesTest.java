package io.weft.policy.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import io.weft.model.SpiffeId;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.server.TestKeys;
import io.weft.policy.state.StateDirectory;
import java.io.StringWriter;
import java.security.KeyPair;
import java.time.InstantSource;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryCertificatesTest {

    private static final SpiffeId ID = new SpiffeId("cluster.local", "istio-system", "gateway");

    @TempDir Path directory;

    private void write(Path credential, KeyPair certified, KeyPair key) throws Exception {
        CertificateAuthority authority =
                CertificateAuthority.open(
                        CaSettings.forTrustDomain("cluster.local"),
                        StateDirectory.open(directory.resolve("state")),
                        InstantSource.system());
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(key.getPrivate(), null));
        }
        Files.createDirectories(credential);
        Files.writeString(credential.resolve("tls.key"), text.toString());
        Files.writeString(
                credential.resolve("tls.crt"),
                authority.issue(TestKeys.csr(certified, ID.uri()), ID, "test").chainPem());
    }

    @Test
    void readsCredentialsReloadsThemAndKeepsTheLastGoodOne() throws Exception {
        Path root = Files.createDirectories(directory.resolve("certificates"));
        Path credential = root.resolve("istio-system/blog-tls-secret");
        KeyPair first = TestKeys.ec("secp256r1");
        KeyPair second = TestKeys.ec("secp256r1");
        write(credential, first, first);
        BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
        try (DirectoryCertificates store =
                new DirectoryCertificates(root, Duration.ofMillis(20))) {
            store.onChange(() -> changes.add(true));
            String before = store.find("istio-system/blog-tls-secret").chainPem();
            assertThat(before).contains("BEGIN CERTIFICATE");
            assertThat(store.find("other/blog-tls-secret")).isNull();

            // The key of another certificate: as in the middle of a replacement.
            write(credential, second, first);
            assertThat(changes.poll(100, TimeUnit.MILLISECONDS)).isNull();
            assertThat(store.find("istio-system/blog-tls-secret").chainPem()).isEqualTo(before);

            write(credential, second, second);
            assertThat(changes.poll(10, TimeUnit.SECONDS)).isTrue();
            assertThat(store.find("istio-system/blog-tls-secret").chainPem())
                    .isNotEqualTo(before);
        }
    }
}
