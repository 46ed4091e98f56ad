package io.weft.policy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.weft.engine.AdjustableClock;
import io.weft.model.wire.JoinRequest;
import io.weft.policy.ca.AuthorityVault;
import io.weft.policy.ca.CaSettings;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.RotationPhase;
import io.weft.policy.join.JoinTokens;
import io.weft.policy.state.StartFailure;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The authority in Secrets of an API server on loopback. */
@Timeout(60)
class SharedSecretTest {

    private static final String PATH = "/api/v1/namespaces/weft-system/secrets/weft-ca";

    @TempDir Path directory;
    private final AdjustableClock clock = AdjustableClock.running();
    private TestCluster cluster;
    private ClusterAuthority secrets;

    @BeforeEach
    void start() {
        cluster = new TestCluster();
        secrets = new ClusterAuthority(cluster.client);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private AuthorityVault vault() {
        return secrets.vault("weft-system/weft-ca");
    }

    private CertificateAuthority replica(String name) {
        return open(
                name,
                new CaSettings(
                        "cluster.local",
                        Duration.ofHours(1),
                        100,
                        CaSettings.DEFAULT_SERVER_NAMES,
                        null,
                        List.of(),
                        vault()));
    }

    private CertificateAuthority open(String name, CaSettings settings) {
        return CertificateAuthority.open(
                settings, StateDirectory.open(directory.resolve(name)), clock::now);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Secret stored() {
        return cluster.client.secrets().inNamespace("weft-system").withName("weft-ca").get();
    }

    @Test
    void replicasThatStartTogetherMakeOneAuthority() throws Exception {
        List<Callable<CertificateAuthority>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "replica-" + i;
            starts.add(() -> replica(name));
        }
        List<CertificateAuthority> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<CertificateAuthority> each : threads.invokeAll(starts)) {
                all.add(each.get());
            }
        }
        assertThat(all.stream().map(CertificateAuthority::trustBundlePem).distinct()).hasSize(1);
        assertThat(all.stream().map(each -> each.tokens().keys()).distinct()).hasSize(1);
        assertThat(stored().getType()).isEqualTo("weft.io/authority");
        assertThat(directory.resolve("replica-0/ca/authority.json")).doesNotExist();
    }

    @Test
    void aReplicaFollowsARotationOfAnother() throws Exception {
        CertificateAuthority one = replica("one");
        CertificateAuthority other = replica("other");
        one.changes().announce();
        other.tick();
        assertThat(other.view().phase()).isEqualTo(RotationPhase.ANNOUNCED);
        assertThat(other.roots()).isEqualTo(one.roots()).hasSize(2);
        assertThat(other.tokens().keys()).isEqualTo(one.tokens().keys()).hasSize(2);
        other.changes().switchOver();
        other.changes().retire();
        one.tick();
        assertThat(one.roots()).isEqualTo(other.roots()).hasSize(1);
        assertThat(one.tokens().keys()).isEqualTo(other.tokens().keys()).hasSize(1);
    }

    @Test
    void whoeverWasSlowerHasNotWritten() throws Exception {
        AuthorityVault vault = vault();
        assertThat(vault.read()).isEmpty();
        assertThat(vault.replace(Optional.of("another"), "x")).isFalse();
        assertThat(vault.replace(Optional.empty(), "first")).isTrue();
        assertThat(vault.replace(Optional.empty(), "late")).isFalse();
        assertThat(vault.replace(Optional.of("first"), "second")).isTrue();
        assertThat(vault.replace(Optional.of("first"), "late")).isFalse();
        assertThat(vault.read()).contains("second");
        // Between reading and writing: the API server says that it was not the newest.
        cluster.server
                .expect()
                .put()
                .withPath(PATH)
                .andReturn(409, "{\"kind\":\"Status\",\"code\":409,\"reason\":\"Conflict\"}")
                .once();
        assertThat(vault.replace(Optional.of("second"), "late")).isFalse();
        assertThat(vault.read()).contains("second");
    }

    @Test
    void anApiServerThatFailsLeavesTheLastGoodAuthorityInUse() throws Exception {
        CertificateAuthority authority = replica("one");
        String before = authority.trustBundlePem();
        cluster.server
                .expect()
                .get()
                .withPath(PATH)
                .andReturn(403, "{\"kind\":\"Status\",\"code\":403}")
                .always();
        authority.tick();
        assertThat(authority.problem()).contains("Secret weft-system/weft-ca");
        assertThat(authority.trustBundlePem()).isEqualTo(before);
        assertThatThrownBy(() -> replica("two"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("weft-system/weft-ca");
        assertThatThrownBy(() -> authority.changes().announce()).isInstanceOf(IOException.class);
    }

    @Test
    void aDocumentThatIsDamagedIsNeverReplaced() throws Exception {
        replica("one");
        Secret damaged =
                new SecretBuilder(stored())
                        .withData(Map.of("authority.json", encoded("{\"revision\":1,")))
                        .build();
        cluster.client.resource(damaged).update();
        assertThatThrownBy(() -> replica("two"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("cannot be read");
        assertThat(stored().getData()).isEqualTo(damaged.getData());
    }

    @Test
    void anAuthorityOfIstiosFormIsTaken() throws Exception {
        // An authority to take: made by another control plane.
        CertificateAuthority other = replica("other");
        String document =
                new String(
                        Base64.getDecoder().decode(stored().getData().get("authority.json")),
                        StandardCharsets.UTF_8);
        var current =
                tools.jackson.databind.json.JsonMapper.shared().readTree(document).get("current");
        Map<String, String> cacerts = new TreeMap<>();
        cacerts.put("ca-cert.pem", encoded(current.get("chainPem").asString()));
        cacerts.put("ca-key.pem", encoded(current.get("keyPem").asString()));
        cacerts.put("cert-chain.pem", encoded(current.get("chainPem").asString()));
        cacerts.put("root-cert.pem", encoded(current.get("rootsPem").asString()));
        create("cacerts", cacerts);
        CaSettings.Supplied supplied = secrets.read("weft-system/cacerts");
        CertificateAuthority taken =
                open(
                        "taken",
                        new CaSettings(
                                "cluster.local",
                                Duration.ofHours(1),
                                100,
                                CaSettings.DEFAULT_SERVER_NAMES,
                                supplied));
        assertThat(taken.trustBundlePem()).isEqualTo(other.trustBundlePem());

        Map<String, String> tls = new TreeMap<>();
        tls.put("tls.crt", cacerts.get("ca-cert.pem"));
        tls.put("tls.key", cacerts.get("ca-key.pem"));
        create("incomplete", tls);
        assertThatThrownBy(() -> secrets.read("weft-system/incomplete"))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("Secret weft-system/incomplete has no ca.crt");
        assertThatThrownBy(() -> secrets.read("weft-system/absent"))
                .hasMessageContaining("Secret weft-system/absent is not there");
        assertThatThrownBy(() -> secrets.read("absent")).hasMessageContaining("NAMESPACE/NAME");
    }

    private void create(String name, Map<String, String> data) {
        cluster.client
                .resource(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace("weft-system")
                                .withName(name)
                                .endMetadata()
                                .withData(data)
                                .build())
                .create();
    }

    @Test
    void joinTokensAreSharedInASecretOfTheirOwn() throws Exception {
        JoinTokens one = JoinTokens.open("cluster.local", vault(), clock::now);
        JoinTokens other = JoinTokens.open("cluster.local", vault(), clock::now);
        JoinRequest request =
                new JoinRequest(
                        one.create("blog", "api", Duration.ofHours(1)).token(), "blog", "api", "");
        other.attest(request).redeem();
        assertThatThrownBy(() -> one.attest(request)).hasMessageContaining("already used");
        Secret secret =
                cluster.client
                        .secrets()
                        .inNamespace("weft-system")
                        .withName("weft-ca-join-tokens")
                        .get();
        assertThat(secret.getType()).isEqualTo("weft.io/join-tokens");
        assertThat(stored()).as("the authority's").isNull();
    }
}
