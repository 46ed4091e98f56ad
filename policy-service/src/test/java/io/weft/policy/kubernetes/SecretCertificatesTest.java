package io.weft.policy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SecretCertificatesTest {

    private static final String NAME = "istio-system/blog-tls";

    @TempDir Path directory;
    private TestCluster cluster;
    private SecretCertificates store;
    private final BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        cluster = new TestCluster();
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    private void open(Duration patience) {
        store = new SecretCertificates(cluster.client, List.of("istio-system"), patience);
        store.onChange(() -> changes.add(true));
    }

    static Secret secret(String namespace, String type, String chain, String key) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("blog-tls")
                .endMetadata()
                .withType(type)
                .withData(Map.of("tls.crt", encoded(chain), "tls.key", encoded(key)))
                .build();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean hasChanged() throws InterruptedException {
        return changes.poll(10, TimeUnit.SECONDS) != null;
    }

    @Test
    void secretsOfTypeTlsAreCredentialsThatFollowEveryChange() throws Exception {
        TestCredential first = TestCredential.in(directory);
        TestCredential second = TestCredential.in(directory);
        cluster.client
                .resource(secret("istio-system", "kubernetes.io/tls", first.chain(), first.key()))
                .create();
        cluster.client
                .resource(secret("shop", "kubernetes.io/tls", first.chain(), first.key()))
                .create();
        open(Duration.ofSeconds(10));
        assertThat(store.find(NAME).chainPem()).isEqualTo(first.chain());
        assertThat(store.find(NAME).keyPem().reveal()).isEqualTo(first.key());
        assertThat(store.find("shop/blog-tls")).as("not asked for").isNull();

        // A key of another certificate: the last good one stays.
        cluster.client
                .resource(secret("istio-system", "kubernetes.io/tls", second.chain(), first.key()))
                .update();
        assertThat(changes.poll(300, TimeUnit.MILLISECONDS)).isNull();
        assertThat(store.find(NAME).chainPem()).isEqualTo(first.chain());

        cluster.client
                .resource(secret("istio-system", "kubernetes.io/tls", second.chain(), second.key()))
                .update();
        assertThat(hasChanged()).isTrue();
        assertThat(store.find(NAME).chainPem()).isEqualTo(second.chain());

        cluster.client.secrets().inNamespace("istio-system").withName("blog-tls").delete();
        assertThat(hasChanged()).isTrue();
        assertThat(store.find(NAME)).isNull();
    }

    @Test
    void secretsOfOtherTypesAreNoCredentials() throws Exception {
        TestCredential credential = TestCredential.in(directory);
        cluster.client
                .resource(secret("istio-system", "Opaque", credential.chain(), credential.key()))
                .create();
        open(Duration.ofSeconds(10));
        assertThat(store.find(NAME)).isNull();
    }

    @Test
    void withoutTheRightToReadThemThereAreNone() {
        cluster.server
                .expect()
                .get()
                .withPath(
                        "/api/v1/namespaces/istio-system/secrets"
                                + "?fieldSelector=type%3Dkubernetes.io%2Ftls&resourceVersion=0")
                .andReturn(403, "")
                .always();
        long begin = System.nanoTime();
        open(Duration.ofSeconds(30));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(store.find(NAME)).isNull();
    }
}
