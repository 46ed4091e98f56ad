package io.weft.policy.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weft.compiler.CompilerOptions;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.Ack;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.StreamMessage;
import io.weft.model.wire.Subscription;
import io.weft.policy.jwks.JwksKeeper;
import io.weft.policy.secrets.InMemoryCertificates;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.state.StateDirectory;
import io.weft.policy.stream.LineSink;
import io.weft.policy.stream.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A reader that is slow, or that never answers. */
@Timeout(60)
class SlowReaderTest {

    private static final SpiffeId WEB = new SpiffeId("cluster.local", "blog", "web");

    @TempDir Path directory;
    private ControlPlane control;
    private final Reader reader = new Reader();

    @BeforeEach
    void start() {
        StateDirectory state = StateDirectory.open(directory.resolve("state"));
        InstantSource clock = InstantSource.system();
        control =
                new ControlPlane(
                        new ControlSettings(
                                new CompilerOptions("cluster.local", "istio-system"),
                                Duration.ofMillis(20),
                                Duration.ofMillis(5)),
                        new Contents(
                                List::of,
                                new JwksKeeper(
                                        uri -> new CompletableFuture<>(),
                                        Duration.ofMinutes(20),
                                        state,
                                        clock),
                                new InMemoryCertificates()),
                        state,
                        clock,
                        new SimpleMeterRegistry());
        control.start();
    }

    @AfterEach
    void stop() {
        control.close();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void publish(String commit) throws Exception {
        get(
                control.publish(
                        new PolicyBundle(
                                commit,
                                null,
                                null,
                                null,
                                null,
                                List.of(new PolicyBundle.PolicyFile("a.yaml", policy(commit))),
                                null)));
    }

    /** Each changes what holds for the workload. */
    private static String policy(String commit) {
        return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: web, namespace: blog}
        spec: {rules: [{to: [{operation: {paths: ["/NAME"]}}]}]}
        """
                .replace("NAME", commit);
    }

    private void connect() throws Exception {
        get(
                control.register(
                        WEB,
                        new Registration(
                                "web-0",
                                new WorkloadId("blog", "web"),
                                "web",
                                Map.of(),
                                Locality.UNKNOWN,
                                "test",
                                "127.0.0.1",
                                List.of(),
                                List.of(),
                                false,
                                true,
                                true)));
        get(control.subscribe(WEB, "web-0", new Subscription(List.of(), Map.of())));
        get(control.open(new Peer(WEB, "", Instant.MAX, ""), "web-0", reader));
    }

    @Test
    void isSentOneDeltaOfTheNewestStateAndNotAQueue() throws Exception {
        publish("c0");
        connect();
        StreamMessage.Delta first = reader.takeDelta();
        for (int i = 1; i <= 200; i++) {
            publish("c" + i);
        }
        assertThat(reader.lines).as("while the first line has not left").isEmpty();

        reader.oneLeaves();
        get(control.rollout());
        assertThat(reader.lines.stream().map(Line::message))
                .as("while the first delta is not answered")
                .noneMatch(StreamMessage.Delta.class::isInstance);

        get(control.acknowledge(WEB, "web-0", new Ack(first.revision(), true, "")));
        StreamMessage.Delta second = reader.takeDelta();
        assertThat(second.commit()).isEqualTo("c200");
        reader.oneLeaves();
        get(control.acknowledge(WEB, "web-0", new Ack(second.revision(), true, "")));
        assertThat(get(control.awaitRollout(second.revision())).inSync()).isEqualTo(1);
    }

    @Test
    void thatNeverAnswersIsSentTheNextStateNevertheless() throws Exception {
        publish("c1");
        connect();
        assertThat(reader.takeDelta().commit()).isEqualTo("c1");
        reader.oneLeaves();
        publish("c2");
        assertThat(reader.takeDelta().commit()).isEqualTo("c2");
    }

    private record Line(StreamMessage message, CompletableFuture<Void> left) {}

    /** Holds every line until it is told to let one go. */
    private static final class Reader implements LineSink {

        private final MeshCodec codec = new MeshCodec();
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
        private CompletableFuture<Void> held = new CompletableFuture<>();

        @Override
        public CompletionStage<Void> write(byte[] line) {
            StreamMessage message = codec.read(line, StreamMessage.class);
            CompletableFuture<Void> left = new CompletableFuture<>();
            if (message instanceof StreamMessage.Heartbeat) {
                left.complete(null);
            }
            lines.add(new Line(message, left));
            return left;
        }

        StreamMessage.Delta takeDelta() throws InterruptedException {
            while (true) {
                Line line = lines.poll(10, TimeUnit.SECONDS);
                assertThat(line).as("a delta").isNotNull();
                if (line.message() instanceof StreamMessage.Delta delta) {
                    held = line.left();
                    return delta;
                }
            }
        }

        void oneLeaves() {
            held.complete(null);
        }

        @Override
        public CompletionStage<Void> closed() {
            return closed;
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }
}
