package io.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.FakeControlPlane;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.engine.AdjustableClock;
import io.weft.model.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvidLifeTest {

    private static final TestAuthority MESH = TestAuthority.of("cluster.local");
    private static final SpiffeId API = MESH.id("blog", "api");
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @TempDir Path state;
    private FakeControlPlane controlPlane;
    private final AdjustableClock clock = AdjustableClock.running();

    @BeforeEach
    void start() throws Exception {
        SpiffeId own = MESH.id("weft-system", "policy-service");
        controlPlane =
                new FakeControlPlane(MESH, MESH.svid(own, clock.now(), Duration.ofDays(7)), 0);
        controlPlane.issue(clock::now, Duration.ofHours(1));
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    private JoinSettings settings(String token) {
        return JoinSettings.withToken(API, List.of(controlPlane.address()), MESH.rootPem(), token);
    }

    private SvidKeeper keeper(String token) {
        return new SvidKeeper(SvidStore.open(state, API), settings(token), clock);
    }

    @Test
    void joinsWithATokenAndKeepsTheKeyToItself() throws Exception {
        try (SvidKeeper keeper = keeper("good-token")) {
            MeshTls tls = keeper.start(PATIENCE);
            assertThat(tls.self()).isEqualTo(API);
            assertThat(controlPlane.joins()).hasSize(1);
            assertThat(controlPlane.joins().getFirst().csrPem())
                    .contains("CERTIFICATE REQUEST")
                    .doesNotContain("PRIVATE");
            assertThat(controlPlane.joins().getFirst().namespace()).isEqualTo("blog");
        }
    }

    @Test
    void joinsWithATokenFileThatIsReadForEachTry() throws Exception {
        Path token = state.resolve("token");
        Files.writeString(token, "good-token\n");
        JoinSettings fromFile =
                JoinSettings.withTokenFile(
                        API, List.of(controlPlane.address()), MESH.rootPem(), token);
        try (SvidKeeper keeper = new SvidKeeper(SvidStore.open(state, API), fromFile, clock)) {
            assertThat(keeper.start(PATIENCE).self()).isEqualTo(API);
        }
    }

    @Test
    void aRefusedTokenEndsAtOnceWithTheReason() {
        try (SvidKeeper keeper = keeper("stolen")) {
            assertThatThrownBy(() -> keeper.start(Duration.ofMinutes(5)))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining("403")
                    .hasMessageContaining("unknown or used")
                    .hasMessageNotContaining("stolen");
            assertThat(controlPlane.joins()).hasSize(1);
        }
    }

    @Test
    void triesAgainWhileTheControlPlaneFails() throws Exception {
        controlPlane.failNext(2);
        try (SvidKeeper keeper = keeper("good-token")) {
            assertThat(keeper.start(PATIENCE).self()).isEqualTo(API);
            assertThat(controlPlane.joins()).hasSize(3);
        }
    }

    @Test
    void doesNotGiveItsTokenToAnImpostor() throws Exception {
        TestAuthority evil = TestAuthority.of("cluster.local");
        try (FakeControlPlane foreign = new FakeControlPlane(evil);
                FakeControlPlane otherWorkload =
                        new FakeControlPlane(MESH, MESH.svid(MESH.id("blog", "web")), 0)) {
            for (FakeControlPlane impostor : List.of(foreign, otherWorkload)) {
                JoinSettings there =
                        JoinSettings.withToken(
                                API, List.of(impostor.address()), MESH.rootPem(), "good-token");
                try (SvidKeeper keeper = new SvidKeeper(SvidStore.open(state, API), there, clock)) {
                    assertThatThrownBy(() -> keeper.start(Duration.ZERO))
                            .isInstanceOf(JoinException.class);
                }
                assertThat(impostor.joins()).isEmpty();
            }
        }
    }

    @Test
    void aRestartUsesWhatIsOnDiskWithoutAControlPlane() throws Exception {
        try (SvidKeeper keeper = keeper("good-token")) {
            keeper.start(PATIENCE);
        }
        controlPlane.close();
        try (SvidKeeper keeper = keeper("no longer needed")) {
            assertThat(keeper.start(Duration.ZERO).self()).isEqualTo(API);
        }
    }

    @Test
    void whatIsOnDiskForAnotherIdentityIsNotUsed() throws Exception {
        try (SvidKeeper keeper = keeper("good-token")) {
            keeper.start(PATIENCE);
        }
        assertThat(SvidStore.open(state, API).current()).isPresent();
        assertThat(SvidStore.open(state, MESH.id("blog", "web")).current()).isEmpty();
    }

    @Test
    void renewsOverMutualTlsAfterHalfItsLife() throws Exception {
        try (SvidKeeper keeper = keeper("good-token")) {
            MeshTls tls = keeper.start(PATIENCE);
            Svid first = tls.svid();
            keeper.renewIfDue();
            assertThat(controlPlane.renewals()).as("too early").isEmpty();
            clock.advance(Duration.ofMinutes(34));
            keeper.renewIfDue();
            assertThat(controlPlane.renewals()).containsExactly(API.uri());
            assertThat(tls.svid().notAfter()).isAfter(first.notAfter());
            assertThat(tls.svid().key()).as("a new key").isNotEqualTo(first.key());
            assertThat(SvidStore.open(state, API).current().orElseThrow().svid().notAfter())
                    .isEqualTo(tls.svid().notAfter());
        }
    }

    @Test
    void raisesTheAlarmWhenTheEndIsNearAndRecovers() throws Exception {
        try (SvidKeeper keeper = keeper("good-token")) {
            MeshTls tls = keeper.start(PATIENCE);
            controlPlane.failNext(Integer.MAX_VALUE);
            clock.advance(Duration.ofMinutes(34));
            keeper.renewIfDue();
            assertThat(keeper.problem()).as("there is time yet").isEmpty();
            clock.advance(Duration.ofMinutes(20));
            keeper.renewIfDue();
            assertThat(keeper.problem()).contains("cannot be renewed").contains("503");
            controlPlane.failNext(0);
            clock.advance(Duration.ofMinutes(1));
            Await.until(
                    "renewed",
                    () -> {
                        keeper.renewIfDue();
                        return keeper.problem().isEmpty();
                    });
            assertThat(tls.svid().notAfter()).isAfter(clock.now());
        }
    }

    @Test
    void joinsAgainWhenItHasExpired() throws Exception {
        try (SvidKeeper keeper = keeper("good-token")) {
            MeshTls tls = keeper.start(PATIENCE);
            clock.advance(Duration.ofHours(2));
            keeper.renewIfDue();
            assertThat(controlPlane.joins()).hasSize(2);
            assertThat(tls.svid().notAfter()).isAfter(clock.now());
        }
    }

    @Test
    void secretsAreNotInToString() {
        Svid svid = MESH.svid(API);
        assertThat(svid.toString() + new SvidStore.Held(svid, MESH.bundle(), List.of()))
                .doesNotContain("PRIVATE")
                .doesNotContain(svid.key().toString());
    }
}
