package io.weft.policy.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.engine.AdjustableClock;
import io.weft.model.Secret;
import io.weft.model.wire.JoinRequest;
import io.weft.policy.ca.AuthorityVault;
import io.weft.policy.ca.SharedDirectory;
import io.weft.policy.state.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One-time tokens where several replicas of the control plane share an authority. */
@Timeout(60)
class SharedJoinTokensTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir Path directory;
    private final AdjustableClock clock =
            AdjustableClock.stoppedAt(Instant.parse("2026-05-01T00:00:00Z"));

    private JoinTokens replica() {
        return JoinTokens.open("cluster.local", SharedDirectory.at(directory), clock::now);
    }

    private static JoinRequest request(Secret token) {
        return new JoinRequest(token, "blog", "api", "no CSR is looked at here");
    }

    @Test
    void whatOneReplicaMakesAnotherOneTakesAndBothKnowThatItIsUsed() throws Exception {
        JoinTokens one = replica();
        JoinTokens other = replica();
        Secret token = one.create("blog", "api", HOUR).token();
        WorkloadAttestor.Proof proof = other.attest(request(token));
        WorkloadAttestor.Proof again = one.attest(request(token));
        proof.redeem();
        for (JoinTokens each : List.of(one, other, replica())) {
            assertThatThrownBy(() -> each.attest(request(token)))
                    .isInstanceOf(JoinRefused.class)
                    .hasMessageContaining("already used at 2026-05-01T00:00:00Z");
        }
        assertThatThrownBy(again::redeem)
                .as("checked before, too late now")
                .isInstanceOf(JoinRefused.class)
                .hasMessageContaining("already used");
    }

    @Test
    void ofManyThatShowTheSameTokenAtOnceOneComesIn() throws Exception {
        List<JoinTokens> replicas = List.of(replica(), replica(), replica());
        Secret token = replicas.getFirst().create("blog", "api", HOUR).token();
        List<Callable<Boolean>> thieves = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            JoinTokens at = replicas.get(i % replicas.size());
            thieves.add(() -> {
                try {
                    at.attest(request(token)).redeem();
                    return true;
                } catch (JoinRefused e) {
                    return false;
                }
            });
        }
        int inside = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (Future<Boolean> each : threads.invokeAll(thieves)) {
                inside += each.get() ? 1 : 0;
            }
        }
        assertThat(inside).isEqualTo(1);
    }

    @Test
    void aTokenThatIsStolenExpiredOrChangedProvesNothing() throws Exception {
        JoinTokens tokens = replica();
        Secret token = tokens.create("blog", "api", HOUR).token();
        assertThatThrownBy(() -> tokens.attest(new JoinRequest(token, "blog", "admin", "")))
                .hasMessageContaining("another identity")
                .hasMessageNotContaining(token.reveal());
        String text = token.reveal();
        for (String wrong :
                List.of(
                        text + "x",
                        text.substring(0, text.length() - 1),
                        text.substring(0, text.lastIndexOf('.') + 1),
                        "weft.." + text.substring(text.lastIndexOf('.') + 1),
                        "weft.a.b.c")) {
            assertThatThrownBy(() -> tokens.attest(request(new Secret(wrong))))
                    .hasMessage("join token: unknown");
        }
        assertThat(Files.readString(directory.resolve("join-tokens.json")))
                .as("hashed at rest")
                .doesNotContain(text.substring(text.lastIndexOf('.') + 1));
        clock.advance(HOUR);
        assertThatThrownBy(() -> tokens.attest(request(token))).hasMessageContaining("expired at");
    }

    @Test
    void aFileThatIsCutOffAtAnyByteBringsNoTokenBack() throws Exception {
        JoinTokens tokens = replica();
        Secret used = tokens.create("blog", "api", HOUR).token();
        tokens.attest(request(used)).redeem();
        Path file = directory.resolve("join-tokens.json");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(this::replica)
                    .as("%s bytes", length)
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("join-tokens.json");
            assertThatThrownBy(() -> tokens.attest(request(used)))
                    .as("a replica that runs, %s bytes", length)
                    .isInstanceOf(JoinRefused.class);
        }
        Files.write(file, whole);
        assertThatThrownBy(() -> replica().attest(request(used)))
                .hasMessageContaining("already used");
    }

    @Test
    void aDocumentBesideTheAuthoritysIsAnother() throws Exception {
        AuthorityVault authority = SharedDirectory.at(directory);
        replica().create("blog", "api", HOUR);
        assertThat(authority.read()).isEmpty();
        assertThat(authority.beside("join-tokens").read()).isPresent();
    }
}
