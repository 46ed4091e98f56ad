package io.weft.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dataplane.UpstreamBinding;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.Http2Client;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.Locality;
import io.weft.model.match.Match;
import io.weft.model.route.RetryOn;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bounds on what a proxy takes on, over real sockets. */
class OverloadTest {

    private final FakeMemory memory = new FakeMemory();
    private Caller caller = new Caller(memory, s -> s);

    @AfterEach
    void stop() throws Exception {
        caller.close();
    }

    /** Memory that is as full as a test says. */
    private static final class FakeMemory implements MemoryUse {
        final Map<Kind, Double> shares = new ConcurrentHashMap<>(new EnumMap<>(Kind.class));
        final AtomicInteger collected = new AtomicInteger();
        volatile double afterCollecting = -1;

        @Override
        public double share(Kind kind) {
            return shares.getOrDefault(kind, 0.1);
        }

        @Override
        public void collect() {
            if (afterCollecting >= 0) {
                shares.put(Kind.HEAP, afterCollecting);
            }
            collected.incrementAndGet();
        }
    }

    private void start(int connections, int ofListener, int requests) throws Exception {
        caller.close();
        caller =
                new Caller(
                        memory,
                        s ->
                                s.upstream(new UpstreamBinding(Caller.HOST, 0))
                                        .overload(
                                                new OverloadSettings(
                                                        connections,
                                                        ofListener,
                                                        requests,
                                                        0.9,
                                                        0.95)));
    }

    /** Takes connections and never answers. */
    private void silent() throws IOException {
        ServerSocket server =
                caller.mesh.closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        caller.endpoint("silent", server.getLocalPort(), Locality.UNKNOWN);
    }

    private int active() {
        return caller.node.plane().view().activeExchanges();
    }

    @Test
    void aRequestOverTheBoundIsRefusedAndServedAgainWhenAnotherHasEnded() throws Exception {
        start(100, 100, 3);
        silent();
        caller.forward();
        Deque<Wire> waiting = new ArrayDeque<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(caller.mesh.closing(caller.wire()).send(Caller.request("GET", "/slow")));
        }
        Await.until("three are under way", () -> active() == 3);
        try (Wire fourth = caller.wire()) {
            Wire.Reply refused = fourth.send(Caller.request("GET", "/one-too-many")).reply();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).contains("x-envoy-local-overloaded: true");
            RecordingLog.Line line = caller.node.log().await(1);
            assertThat(line.flags()).isEqualTo("OM");
            assertThat(line.details()).isEqualTo("overload");
            assertThat(line.failure()).contains("more than 3 requests").contains("requests)");
            assertThat(caller.node.log().counts()).containsKey("OVERLOAD request bound");
            waiting.removeFirst().close();
            Await.until("one has gone", () -> active() == 2);
            fourth.send(Caller.request("GET", "/again"));
            Await.until("it is let through on the same connection", () -> active() == 3);
        }
    }

    @Test
    void aGrpcCallOverTheBoundIsUnavailable() throws Exception {
        start(100, 100, 1);
        silent();
        caller.forward();
        try (Wire first = caller.wire();
                Http2Client client =
                        new Http2Client(caller.mesh.apps, caller.node.plane().outboundPort())) {
            first.send(Caller.request("GET", "/slow"));
            Await.until("one is under way", () -> active() == 1);
            Http2Client.Reply reply =
                    client.send(
                                    "POST",
                                    Caller.HOST,
                                    "/a.B/c",
                                    "",
                                    "content-type",
                                    "application/grpc")
                            .get();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.head().get("grpc-status")).hasToString("14");
        }
    }

    @Test
    void aConnectionOverTheBoundIsClosedAtOnceAndThereIsRoomAgainWhenOneHasGone() throws Exception {
        start(5, 100, 100);
        caller.app("hello");
        caller.forward();
        Deque<Wire> idle = new ArrayDeque<>();
        for (int i = 0; i < 5; i++) {
            Wire wire = caller.mesh.closing(caller.wire());
            assertThat(wire.send(Caller.request("GET", "/")).reply().status()).isEqualTo(200);
            idle.add(wire);
        }
        try (Wire sixth = caller.wire()) {
            assertThat(sixth.isRefused()).isTrue();
        }
        assertThat(caller.node.log().counts()).containsKey("OVERLOAD connection bound");
        assertThat(idle.getLast().send(Caller.request("GET", "/")).reply().status()).isEqualTo(200);
        idle.removeFirst().close();
        Await.until("it is noticed", () -> caller.node.plane().view().connections() == 4);
        assertThat(caller.get("/").status()).isEqualTo(200);
    }

    @Test
    void aFloodOfOneListenerLeavesRoomForAnother() throws Exception {
        start(8, 4, 100);
        caller.app("hello");
        caller.forward();
        for (int i = 0; i < 4; i++) {
            caller.mesh.closing(caller.wire());
        }
        Await.until("they are open", () -> caller.node.plane().view().connections() == 4);
        try (Wire fifth = caller.wire()) {
            assertThat(fifth.isRefused()).isTrue();
        }
        assertThat(caller.node.log().counts()).containsKey("OVERLOAD connection listener");
        int other = caller.node.plane().upstreamPorts().get(Caller.HOST);
        try (Wire wire = new Wire(other)) {
            assertThat(wire.send(Caller.request("GET", "/")).reply().status()).isEqualTo(200);
        }
    }

    @Test
    void whereMemoryIsFullRequestsAreRefusedAndTheirConnectionsEnd() throws Exception {
        caller.app("hello");
        caller.forward();
        assertThat(caller.get("/").status()).isEqualTo(200);
        memory.shares.put(MemoryUse.Kind.HEAP, 0.93);
        Await.until("it is noticed", () -> caller.node.plane().view().overloadLevel() == 1);
        try (Wire wire = caller.wire()) {
            Wire.Reply refused = wire.send(Caller.request("GET", "/")).reply();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).contains("connection: close");
            assertThat(wire.isRefused()).isTrue();
        }
        assertThat(caller.node.log().await(2).failure())
                .contains("93 % of the heap memory")
                .contains("90 %");
        assertThat(memory.collected.get()).isPositive();
        memory.shares.put(MemoryUse.Kind.HEAP, 0.5);
        Await.until("it is well again", () -> caller.get("/").status() == 200);
    }

    @Test
    void whatCanBeCollectedIsNotInUse() throws Exception {
        caller.app("hello");
        caller.forward();
        memory.afterCollecting = 0.2;
        memory.shares.put(MemoryUse.Kind.HEAP, 0.99);
        Await.until("it is collected", () -> memory.collected.get() > 0);
        assertThat(caller.get("/").status()).isEqualTo(200);
        assertThat(caller.node.plane().view().overloadLevel()).isZero();
    }

    @Test
    void whereBuffersAreFullConnectionsWaitInTheKernelUntilThereIsRoom() throws Exception {
        caller.app("hello");
        caller.forward();
        memory.shares.put(MemoryUse.Kind.DIRECT, 0.97);
        Await.until("it is noticed", () -> caller.node.plane().view().overloadLevel() == 2);
        // One that was being accepted as the listener stopped may still come through.
        Await.until(
                "nothing is accepted",
                () -> {
                    int before = caller.node.plane().view().connections();
                    caller.mesh.closing(caller.wire());
                    return caller.node.plane().view().connections() == before;
                });
        try (Wire waiting = caller.wire()) {
            waiting.send(Caller.request("GET", "/"));
            memory.shares.put(MemoryUse.Kind.DIRECT, 0.4);
            assertThat(waiting.reply().body()).isEqualTo("hello");
        }
    }

    @Test
    void whoSaysThatItIsOverloadedIsNotAskedAgain() throws Exception {
        TestApp app = caller.app("busy");
        app.behave(seen -> {
            var answer = TestApp.text(503, "busy");
            answer.headers().set("x-envoy-overloaded", "true");
            return answer;
        });
        caller.routes(
                Resources.route(
                        Match.ALWAYS,
                        List.of(),
                        Timeouts.NONE,
                        Resources.retry(3, RetryOn.FIVE_XX),
                        Resources.to(8080, "", 1)));
        assertThat(caller.get("/").status()).isEqualTo(503);
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void boundsFollowTheHeapAndTheOpenFiles() {
        OverloadSettings sidecar = OverloadSettings.of(96 << 20, 1 << 20);
        assertThat(sidecar.connections()).isEqualTo(4096);
        assertThat(sidecar.listenerConnections()).isEqualTo(3072);
        assertThat(sidecar.requests()).isEqualTo(2048);
        assertThat(OverloadSettings.of(1L << 30, 1 << 20).connections()).isEqualTo(43_690);
        assertThat(OverloadSettings.of(1L << 30, 1024).connections()).isEqualTo(448);
        assertThat(OverloadSettings.of(1L << 40, Long.MAX_VALUE).requests()).isEqualTo(1_000_000);
        assertThat(sidecar.bounds(100, 0, 0).listenerConnections()).isEqualTo(75);
    }

    @Test
    void aBoundThatMakesNoSenseIsNamed() {
        assertThatThrownBy(() -> OverloadSettings.ofProcess().bounds(-1, 0, 0))
                .hasMessage("connections: -1 (expected: >= 1)");
        assertThatThrownBy(() -> OverloadSettings.ofProcess().memory(0.9, 0.8))
                .hasMessage("pauseAt: 0.8 (expected: >= shedAt, 0.9)");
    }
}
