package io.weft.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.FakeControlPlane;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.engine.MeshClock;
import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.wire.StreamMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a sidecar outlives beside what its control plane may do: its own disk, its clock, size. */
@Timeout(60)
class ControlPlaneFaultsTest {

    private static final TestAuthority MESH = TestAuthority.of("cluster.local");
    private static final MeshTls TLS = MESH.tls(MESH.id("blog", "api"));
    private static final int MANY = 10_000;

    @TempDir Path folder;
    private FakeControlPlane controlPlane;
    private final List<ResourceSet> applied = new CopyOnWriteArrayList<>();
    private @Nullable ControlPlaneSource source;

    @BeforeEach
    void start() throws Exception {
        controlPlane = new FakeControlPlane(MESH);
    }

    @AfterEach
    void stop() {
        if (source != null) {
            source.close();
        }
        controlPlane.close();
    }

    private ControlPlaneSource started(Path state, MeshClock clock) {
        ControlPlaneSource made =
                new ControlPlaneSource(
                        new ControlPlaneSettings(
                                "api-0",
                                List.of(controlPlane.address()),
                                Duration.ofSeconds(15),
                                Duration.ofMillis(20),
                                Duration.ofMillis(200),
                                64 << 20,
                                100),
                        TLS::controlPlaneClient,
                        clock,
                        new LastGoodState(state, Duration.ofMillis(1)),
                        ConnectionObserver.NONE);
        source = made;
        made.start(applied::add);
        made.register(
                new Registration(
                        "api-0",
                        new WorkloadId("blog", "api"),
                        "api",
                        Map.of(),
                        Locality.UNKNOWN,
                        "",
                        "127.0.0.1",
                        List.of(),
                        List.of(),
                        false,
                        true,
                        true));
        return made;
    }

    private static StreamMessage.Delta delta(String revision, int count) {
        List<StreamMessage.ResourceUpdate> updates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JwksSet one = new JwksSet("set-" + i, revision);
            updates.add(new StreamMessage.ResourceUpdate(revision + "-" + i, one));
        }
        return new StreamMessage.Delta(revision, "c0ffee", updates, List.of());
    }

    /** The machine's clock as if somebody had set it; durations go on. */
    private static final class SteppedClock implements MeshClock {

        private volatile Duration ahead = Duration.ZERO;

        @Override
        public Instant now() {
            return MeshClock.system().now().plus(ahead);
        }

        @Override
        public long nanoTime() {
            return MeshClock.system().nanoTime();
        }
    }

    private void awaitStream() {
        Await.until("stream", () -> !controlPlane.streams().isEmpty());
    }

    @Test
    void aDiskThatTakesNothingCostsOnlyTheRestart() throws Exception {
        Path notAFolder = Files.writeString(folder.resolve("full"), "no folder");
        ControlPlaneSource source = started(notAFolder.resolve("state"), MeshClock.system());
        awaitStream();
        for (int i = 1; i <= 3; i++) {
            int now = i;
            controlPlane.send(delta("r" + i, 1));
            Await.until("acknowledged", () -> controlPlane.acks().size() == now);
            assertThat(controlPlane.acks().getLast().accepted()).isTrue();
        }
        assertThat(applied.getLast().revision()).isEqualTo("r3");
        assertThat(source.status().connected()).isTrue();
    }

    /** One that was restored from a backup says what holds now, whatever its number. */
    @Test
    void aControlPlaneThatGoesBackInRevisionIsFollowed() {
        started(folder, MeshClock.system());
        awaitStream();
        controlPlane.send(delta("r9", 3));
        Await.until("acknowledged", () -> controlPlane.acks().size() == 1);
        StreamMessage.ResourceUpdate older =
                new StreamMessage.ResourceUpdate("old-0", new JwksSet("set-0", "older"));
        controlPlane.send(
                new StreamMessage.Delta(
                        "r2", "c0ffee", List.of(older), List.of(ResourceKeys.jwks("set-2"))));
        Await.until("acknowledged", () -> controlPlane.acks().size() == 2);
        assertThat(controlPlane.acks().getLast().accepted()).isTrue();
        assertThat(applied.getLast().revision()).isEqualTo("r2");
        assertThat(applied.getLast().resources())
                .hasSize(2)
                .containsEntry(ResourceKeys.jwks("set-0"), new JwksSet("set-0", "older"))
                .containsKey(ResourceKeys.jwks("set-1"));
    }

    @Test
    void aClockThatStepsEitherWayStopsNothing() {
        SteppedClock clock = new SteppedClock();
        ControlPlaneSource source = started(folder, clock);
        awaitStream();
        int sent = 0;
        for (Duration step :
                List.of(Duration.ofDays(400), Duration.ofDays(-800), Duration.ofSeconds(-1))) {
            clock.ahead = clock.ahead.plus(step);
            controlPlane.send(delta("r" + ++sent, 1));
            int now = sent;
            Await.until("acknowledged", () -> controlPlane.acks().size() == now);
            assertThat(applied.getLast().revision()).isEqualTo("r" + sent);
            assertThat(source.status().connected()).isTrue();
        }
    }

    @Test
    void tenThousandResourcesAreTakenKeptAndResumedFrom() {
        ControlPlaneSource first = started(folder, MeshClock.system());
        awaitStream();
        controlPlane.send(delta("r1", MANY));
        Await.until("acknowledged", () -> controlPlane.acks().size() == 1);
        assertThat(applied.getLast().resources()).hasSize(MANY);
        first.close();
        applied.clear();
        int before = controlPlane.subscriptions().size();
        started(folder, MeshClock.system());
        Await.until("from disk", () -> !applied.isEmpty());
        assertThat(applied.getFirst().resources())
                .hasSize(MANY)
                .containsKey(ResourceKeys.jwks("set-9999"));
        Await.until("asked", () -> controlPlane.subscriptions().size() > before);
        assertThat(controlPlane.subscriptions().getLast().have()).hasSize(MANY);
    }
}
