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
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlPlaneSourceTest {

    private static final TestAuthority MESH = TestAuthority.of("cluster.local");
    private static final MeshTls TLS = MESH.tls(MESH.id("blog", "api"));

    @TempDir Path state;
    private FakeControlPlane controlPlane;
    private final List<ResourceSet> applied = new CopyOnWriteArrayList<>();
    private volatile String refuse = "";
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

    private ControlPlaneSource source(Duration heartbeat, int maxLine) {
        ControlPlaneSettings settings =
                new ControlPlaneSettings(
                        "api-0",
                        List.of(controlPlane.address()),
                        heartbeat,
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        maxLine,
                        100);
        ControlPlaneSource made =
                new ControlPlaneSource(
                        settings,
                        TLS::controlPlaneClient,
                        MeshClock.system(),
                        new LastGoodState(state, Duration.ofMillis(1)),
                        ConnectionObserver.NONE);
        source = made;
        return made;
    }

    private ControlPlaneSource started() {
        ControlPlaneSource made = source(Duration.ofSeconds(15), 1 << 20);
        made.start(this::apply);
        made.register(registration(true));
        Await.until("stream", () -> !controlPlane.streams().isEmpty());
        return made;
    }

    private void apply(ResourceSet resources) {
        if (!refuse.isEmpty() && resources.resources().containsKey(refuse)) {
            throw new IllegalArgumentException("cannot use " + refuse);
        }
        applied.add(resources);
    }

    private static Registration registration(boolean ready) {
        return new Registration(
                "api-0",
                new WorkloadId("blog", "api"),
                "api",
                Map.of("app", "api"),
                Locality.UNKNOWN,
                "",
                "127.0.0.1",
                List.of(),
                List.of(),
                false,
                ready,
                true);
    }

    private static StreamMessage.Delta delta(
            String revision, List<String> removed, JwksSet... updates) {
        return new StreamMessage.Delta(
                revision,
                "c0ffee",
                java.util.Arrays.stream(updates)
                        .map(r -> new StreamMessage.ResourceUpdate("hash-" + r.json(), r))
                        .toList(),
                removed);
    }

    private static JwksSet jwks(String name, String json) {
        return new JwksSet(name, json);
    }

    private Map<String, MeshResource> last() {
        return applied.getLast().resources();
    }

    @Test
    void registersSubscribesAppliesAndAcknowledges() {
        ControlPlaneSource source = source(Duration.ofSeconds(15), 1 << 20);
        source.want("users:80");
        source.start(this::apply);
        source.register(registration(true));
        Await.until("stream", () -> !controlPlane.streams().isEmpty());
        assertThat(controlPlane.registrations()).containsExactly(registration(true));
        assertThat(controlPlane.subscriptions().getFirst().routes()).containsExactly("users:80");
        controlPlane.send(delta("r1", List.of(), jwks("a", "1"), jwks("b", "1")));
        controlPlane.send(delta("r2", List.of(ResourceKeys.jwks("a")), jwks("b", "2")));
        Await.until("two acks", () -> controlPlane.acks().size() == 2);
        assertThat(controlPlane.acks()).allMatch(ack -> ack.accepted());
        assertThat(applied.getLast().revision()).isEqualTo("r2");
        assertThat(applied.getLast().commit()).isEqualTo("c0ffee");
        assertThat(last()).containsOnlyKeys(ResourceKeys.jwks("b"));
        assertThat(source.status().connected()).isTrue();
    }

    @Test
    void asksForNewDestinationsWhileTheStreamIsOpen() {
        ControlPlaneSource source = started();
        for (int i = 0; i < 50; i++) {
            source.want("host-" + i + ":80");
            source.want("host-0:80");
        }
        Await.until(
                "all asked for",
                () -> controlPlane.subscriptions().getLast().routes().size() == 50);
        assertThat(controlPlane.subscriptions()).as("gathered").hasSizeLessThan(30);
        assertThat(controlPlane.subscriptions().getLast().have()).isEmpty();
    }

    @Test
    void tellsThatItIsNotReadyAnyMore() {
        started().register(registration(false));
        Await.until("told", () -> !controlPlane.registrations().getLast().ready());
    }

    @Test
    void refusesWhatCannotBeUsedAndKeepsTheLastGoodOne() {
        ControlPlaneSource source = started();
        controlPlane.send(delta("r1", List.of(), jwks("a", "1")));
        Await.until("r1", () -> applied.size() == 1);
        refuse = ResourceKeys.jwks("bad");
        controlPlane.send(delta("r2", List.of(), jwks("bad", "1")));
        Await.until("nack", () -> controlPlane.acks().size() == 2);
        assertThat(controlPlane.acks().getLast().accepted()).isFalse();
        assertThat(controlPlane.acks().getLast().reason()).isEqualTo("cannot use jwks/bad");
        Await.until("told why", () -> source.status().problem().contains("r2 refused"));
        controlPlane.send(delta("r3", List.of(ResourceKeys.jwks("bad")), jwks("c", "1")));
        Await.until("r3", () -> applied.size() == 2);
        assertThat(last()).containsOnlyKeys(ResourceKeys.jwks("a"), ResourceKeys.jwks("c"));
        Await.until("all is well", () -> source.status().problem().isEmpty());
    }

    @Test
    void rubbishIsRefusedWithAReasonAndTheStreamOpenedAnew() {
        started();
        controlPlane.send(delta("r1", List.of(), jwks("a", "1")));
        Await.until("r1", () -> applied.size() == 1);
        controlPlane.sendLine("{\"type\":\"Delta\",\"revision\":");
        Await.until("opened again", () -> controlPlane.streams().size() == 2);
        assertThat(controlPlane.acks().getLast().accepted()).isFalse();
        assertThat(controlPlane.acks().getLast().reason()).contains("unreadable message");
        assertThat(controlPlane.subscriptions().getLast().have())
                .as("goes on from what it has")
                .containsEntry(ResourceKeys.jwks("a"), "hash-1");
        assertThat(applied).hasSize(1);
        controlPlane.send(delta("r0", List.of(), jwks("a", "0")));
        Await.until("an older revision, since it says so", () -> applied.size() == 2);
        assertThat(applied.getLast().revision()).isEqualTo("r0");
    }

    @Test
    void aLineWithoutEndDoesNotFillTheMemory() {
        ControlPlaneSource source = source(Duration.ofSeconds(15), 1000);
        source.start(this::apply);
        source.register(registration(true));
        Await.until("stream", () -> !controlPlane.streams().isEmpty());
        controlPlane.sendLine("x".repeat(5000));
        Await.until("opened again", () -> controlPlane.streams().size() == 2);
        assertThat(source.status().problem()).contains("longer than 1000 bytes");
    }

    @Test
    void aSilentControlPlaneIsLeft() {
        ControlPlaneSource source = source(Duration.ofMillis(300), 1 << 20);
        source.start(this::apply);
        source.register(registration(true));
        Await.until("opened again", () -> controlPlane.streams().size() >= 2);
        assertThat(source.status().problem()).contains("silent for 300 ms");
    }

    /** Tells one edge each time. */
    private static final class OneEdge implements Reporter {
        private final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public TrafficReport report(long millis) {
            TrafficReport.Outcome outcome =
                    new TrafficReport.Outcome(200, -1, "-", 1, 0, 0, 0, 0, List.of());
            return new TrafficReport(
                    millis,
                    List.of(new TrafficReport.Edge(1, null, List.of(outcome))),
                    List.of(),
                    0);
        }

        @Override
        public void taken(TrafficReport report) {
            heard.add("taken");
        }

        @Override
        public void forgotten() {
            heard.add("forgotten");
        }

        @Override
        public void tapped(List<Tap> taps) {
            heard.add("taps " + taps.stream().map(Tap::id).toList());
        }
    }

    @Test
    void tellsOfTrafficEachSecondAndStartsAnewWhenItIsNotUnderstood() {
        OneEdge reporter = new OneEdge();
        controlPlane.failNext(1);
        try (ControlPlaneSource source =
                new ControlPlaneSource(
                        ControlPlaneSettings.of("api-0", List.of(controlPlane.address())),
                        TLS::controlPlaneClient,
                        MeshClock.system(),
                        null,
                        ConnectionObserver.NONE,
                        reporter)) {
            source.start(this::apply);
            source.register(registration(true));
            Await.until("two reports", () -> reporter.heard.contains("taken"));
            assertThat(reporter.heard).startsWith("forgotten", "forgotten", "taken");
            assertThat(controlPlane.traffic().getFirst().millis()).isBetween(900L, 5000L);

            Tap tap = new Tap("t1", "", "", "", "", true, true, List.of(), 10);
            controlPlane.send(new StreamMessage.Taps(List.of(tap)));
            Await.until("tapped", () -> reporter.heard.contains("taps [t1]"));
            int before = controlPlane.traffic().size();
            Await.until("tells more often", () -> controlPlane.traffic().size() > before + 2);
            assertThat(controlPlane.traffic().getLast().millis()).isLessThan(900);
            controlPlane.endStream();
            Await.until("nobody listens", () -> reporter.heard.contains("taps []"));
        }
    }

    @Test
    void heartbeatsKeepItOpen() {
        ControlPlaneSource source = source(Duration.ofMillis(1500), 1 << 20);
        source.start(this::apply);
        source.register(registration(true));
        Await.until("stream", () -> !controlPlane.streams().isEmpty());
        long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
        Await.until(
                "more than its patience",
                () -> {
                    controlPlane.send(new StreamMessage.Heartbeat("r1"));
                    java.util.concurrent.TimeUnit.MILLISECONDS.sleep(100);
                    return System.nanoTime() > end;
                });
        assertThat(controlPlane.streams()).hasSize(1);
        assertThat(source.status().connected()).isTrue();
    }

    @Test
    void comesBackWhenTheControlPlaneDoes() throws Exception {
        ControlPlaneSource source = started();
        controlPlane.send(delta("r1", List.of(), jwks("a", "1")));
        Await.until("r1", () -> applied.size() == 1);
        int port = controlPlane.port();
        controlPlane.close();
        Await.until("noticed", () -> !source.status().connected());
        source.want("later:80");
        controlPlane =
                new FakeControlPlane(
                        MESH, MESH.svid(MESH.id("weft-system", "policy-service")), port);
        Await.until("stream", () -> !controlPlane.streams().isEmpty());
        assertThat(controlPlane.registrations()).hasSize(1);
        assertThat(controlPlane.subscriptions().getLast().routes()).containsExactly("later:80");
        assertThat(controlPlane.subscriptions().getFirst().have())
                .containsEntry(ResourceKeys.jwks("a"), "hash-1");
    }

    @Test
    void aRestartServesTheLastGoodConfigurationWithoutAControlPlane() {
        ControlPlaneSource first = started();
        first.want("users:80");
        controlPlane.send(delta("r1", List.of(), jwks("a", "1")));
        Await.until("r1", () -> controlPlane.acks().size() == 1);
        Await.until("asked", () -> controlPlane.subscriptions().size() >= 2);
        first.close();
        controlPlane.close();
        applied.clear();
        ControlPlaneSource second = source(Duration.ofSeconds(15), 1 << 20);
        second.start(this::apply);
        Await.until("from disk", () -> applied.size() == 1);
        assertThat(applied.getFirst().revision()).isEqualTo("r1");
        assertThat(last()).containsOnlyKeys(ResourceKeys.jwks("a"));
    }

    @Test
    void aDamagedLastGoodStateIsNotFatal() throws Exception {
        Files.writeString(state.resolve("last-good.json"), "weft-state 1 00\n{}");
        started();
        controlPlane.send(delta("r1", List.of(), jwks("a", "1")));
        Await.until("r1", () -> applied.size() == 1);
        assertThat(controlPlane.subscriptions().getFirst().have()).isEmpty();
    }
}
