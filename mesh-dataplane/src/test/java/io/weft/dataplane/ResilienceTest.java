package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.retry;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.Http2Client;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LoadBalancing.ConsistentHash;
import io.weft.model.cluster.LoadBalancing.HashKey;
import io.weft.model.cluster.LoadBalancing.Table;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.RetryBudget;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits, retries and balancing over real sockets. */
class ResilienceTest {

    private Caller caller = new Caller();

    @AfterEach
    void stop() throws Exception {
        caller.close();
    }

    /** A port that takes connections and never answers. */
    private ServerSocket silent() throws IOException {
        return caller.mesh.closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    private static ConnectionLimits limits(
            int connections, int pending, int requests, int retries) {
        return new ConnectionLimits(
                connections,
                pending,
                requests,
                retries,
                0,
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                null);
    }

    private static RetryPolicy policy(
            int times, Duration perTry, RetryBudget budget, RetryOn... on) {
        return new RetryPolicy(
                times,
                perTry,
                Set.of(on),
                Set.of(),
                Duration.ofMillis(1),
                Duration.ofMillis(2),
                budget,
                true,
                false,
                ORIGIN);
    }

    private void retrying(RetryPolicy policy) {
        caller.routes(route(Match.ALWAYS, List.of(), Timeouts.NONE, policy, to(8080, "", 1)));
    }

    @Test
    void moreRequestsThanTheLimitOverflow() throws Exception {
        caller.endpoint("silent", silent().getLocalPort(), Locality.UNKNOWN);
        caller.limits(limits(100, 100, 1, 3)).forward();
        try (Wire first = caller.wire()) {
            first.send(Caller.request("GET", "/1"));
            Await.until("it is under way", () -> active() == 1);
            Wire.Reply second = caller.get("/2");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.head()).contains("x-envoy-overloaded: true");
        }
        RecordingLog.Line line = caller.node.log().await(1);
        assertThat(line.flags()).isEqualTo("UO");
        assertThat(line.failure()).contains("limit of 1");
        Await.until("the first is over", () -> active() == 0);
    }

    private int active() {
        return caller.node.plane().view().clusters().getFirst().endpoints().stream()
                .mapToInt(e -> e.activeRequests())
                .sum();
    }

    @Test
    void moreWaitingRequestsThanTheLimitOverflow() throws Exception {
        caller.endpoint("silent", silent().getLocalPort(), Locality.UNKNOWN);
        caller.limits(limits(1, 1, 100, 3)).forward();
        try (Wire first = caller.wire();
                Wire second = caller.wire()) {
            first.send(Caller.request("GET", "/1"));
            Await.until("it is under way", () -> active() == 1);
            second.send(Caller.request("GET", "/2"));
            Await.until("it waits", () -> active() == 2);
            assertThat(caller.get("/3").status()).isEqualTo(503);
            assertThat(caller.node.log().await(1).flags()).isEqualTo("UO");
            assertThat(caller.node.log().lines().getFirst().failure()).contains("pending");
        }
    }

    @Test
    void oneConnectionServesWhoWaitsForIt() throws Exception {
        caller.app("hello");
        caller.limits(limits(1, 100, 100, 3)).forward();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Wire wire = caller.mesh.closing(caller.wire());
            wires.add(wire.send(Caller.request("GET", "/" + i)));
        }
        for (Wire wire : wires) {
            assertThat(wire.reply().body()).isEqualTo("hello");
        }
    }

    @Test
    void noMoreRetriesAtOnceThanTheLimit() throws Exception {
        TestApp app = caller.app("busy");
        app.behave(seen -> TestApp.text(503, "busy"));
        caller.limits(limits(100, 100, 100, 0));
        retrying(retry(3, RetryOn.FIVE_XX));
        assertThat(caller.get("/").status()).isEqualTo(503);
        assertThat(app.seen()).hasSize(1);
        assertThat(caller.node.log().await(1).flags()).isEqualTo("UO");
    }

    @Test
    void aRetryBudgetBoundsTheStorm() throws Exception {
        TestApp app = caller.app("busy");
        app.behave(seen -> TestApp.text(503, "busy"));
        retrying(
                policy(
                        3,
                        null,
                        new RetryBudget("b", 0.2, 1, Duration.ofSeconds(10)),
                        RetryOn.FIVE_XX));
        try (Wire wire = caller.wire()) {
            for (int i = 0; i < 100; i++) {
                assertThat(wire.send(Caller.request("GET", "/")).reply().status()).isEqualTo(503);
            }
        }
        assertThat(app.seen()).hasSizeBetween(110, 140);
    }

    @Test
    void aRetryGoesToAnotherHost() throws Exception {
        TestApp bad = caller.app("bad");
        bad.behave(seen -> TestApp.text(503, "bad"));
        caller.app("good");
        caller.balancing(new LoadBalancing.Random());
        retrying(policy(1, null, null, RetryOn.FIVE_XX));
        try (Wire wire = caller.wire()) {
            for (int i = 0; i < 50; i++) {
                assertThat(wire.send(Caller.request("GET", "/")).reply().body()).isEqualTo("good");
            }
        }
        assertThat(bad.seen()).isNotEmpty();
    }

    @Test
    void aTryThatTakesTooLongIsGivenToAnother() throws Exception {
        caller.endpoint("silent", silent().getLocalPort(), Locality.UNKNOWN);
        caller.app("good");
        retrying(policy(1, Duration.ofMillis(80), null, RetryOn.FIVE_XX));
        for (int i = 0; i < 4; i++) {
            assertThat(caller.get("/").body()).isEqualTo("good");
        }
        assertThat(caller.node.log().lines()).anyMatch(line -> line.attempts() == 2);
    }

    @Test
    void withoutAnyAnswerThePerTryTimeoutIsTheCause() throws Exception {
        caller.endpoint("silent", silent().getLocalPort(), Locality.UNKNOWN);
        retrying(policy(1, Duration.ofMillis(40), null, RetryOn.FIVE_XX));
        assertThat(caller.get("/").status()).isEqualTo(504);
        RecordingLog.Line line = caller.node.log().await(1);
        assertThat(line.flags()).startsWith("UT");
        assertThat(line.details()).contains("per_try");
        assertThat(line.attempts()).isEqualTo(2);
    }

    @Test
    void aGrpcErrorInTrailersBehindAHeadIsTriedAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TestApp app =
                caller.mesh.closing(
                        TestApp.http2(
                                caller.mesh.apps,
                                seen -> grpc(calls.incrementAndGet() < 3 ? 14 : 0, "")));
        caller.endpoint("grpc", app.port(), Locality.UNKNOWN);
        caller.protocol(AppProtocol.GRPC);
        retrying(policy(2, null, null, RetryOn.GRPC_UNAVAILABLE));
        try (Http2Client http2 =
                new Http2Client(caller.mesh.apps, caller.node.plane().outboundPort())) {
            Http2Client.Reply reply = call(http2, "m");
            assertThat(reply.trailer("grpc-status")).isEqualTo("0");
        }
        assertThat(calls).hasValue(3);
        assertThat(caller.node.log().await(1).attempts()).isEqualTo(3);
    }

    @Test
    void grpcMessagesAreCountedBothWays() throws Exception {
        TestApp app =
                caller.mesh.closing(
                        TestApp.http2(caller.mesh.apps, seen -> grpc(0, frame("a") + frame("bc"))));
        caller.endpoint("grpc", app.port(), Locality.UNKNOWN);
        caller.protocol(AppProtocol.GRPC).forward();
        try (Http2Client http2 =
                new Http2Client(caller.mesh.apps, caller.node.plane().outboundPort())) {
            assertThat(call(http2, frame("x") + frame("y") + frame("z")).status()).isEqualTo(200);
        }
        RecordingLog.Line line = caller.node.log().await(1);
        assertThat(line.requestMessages()).isEqualTo(3);
        assertThat(line.responseMessages()).isEqualTo(2);
        assertThat(line.grpcStatus()).isZero();
    }

    private static String frame(String text) {
        return "\0\0\0\0" + (char) text.length() + text;
    }

    private static Http2Client.Reply call(Http2Client http2, String body) throws Exception {
        return http2.send(
                        "POST",
                        Caller.HOST,
                        "/pkg.Service/Method",
                        body,
                        "content-type",
                        "application/grpc",
                        "te",
                        "trailers")
                .get(10, TimeUnit.SECONDS);
    }

    private static DefaultFullHttpResponse grpc(int status, String body) {
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        Unpooled.copiedBuffer(body, java.nio.charset.StandardCharsets.UTF_8));
        answer.headers().set("content-type", "application/grpc");
        answer.trailingHeaders().set("grpc-status", status);
        return answer;
    }

    @Test
    void theSameKeyGoesToTheSameEndpointWithRingAndWithMaglev() throws Exception {
        for (String name : List.of("a", "b", "c", "d")) {
            caller.app(name);
        }
        for (Table table : Table.values()) {
            caller.balancing(new ConsistentHash(new HashKey.Header("x-user"), table, 1024))
                    .forward();
            Map<String, String> homes = new HashMap<>();
            try (Wire wire = caller.wire()) {
                for (int i = 0; i < 120; i++) {
                    String user = "u" + i % 40;
                    String home =
                            wire.send(Caller.request("GET", "/", "x-user: " + user)).reply().body();
                    assertThat(homes.merge(user, home, (before, now) -> before))
                            .as("%s by %s", user, table)
                            .isEqualTo(home);
                }
            }
            assertThat(Set.copyOf(homes.values())).hasSizeGreaterThan(2);
        }
    }

    @Test
    void aCallerWithoutTheCookieIsGivenOneAndStaysWhereItPoints() throws Exception {
        for (String name : List.of("a", "b", "c", "d")) {
            caller.app(name);
        }
        caller.balancing(
                        new ConsistentHash(
                                new HashKey.Cookie("sticky", "/shop", Duration.ofMinutes(5)),
                                Table.RING,
                                1024))
                .forward();
        Set<String> homes = new java.util.HashSet<>();
        for (int i = 0; i < 12; i++) {
            Wire.Reply first = caller.get("/shop");
            assertThat(first.head())
                    .containsPattern(
                            "set-cookie: sticky=[0-9a-f]{16}; Max-Age=300; Path=/shop; HttpOnly");
            int at = first.head().indexOf("sticky=");
            String cookie = first.head().substring(at, at + "sticky=".length() + 16);
            homes.add(first.body());
            for (int j = 0; j < 3; j++) {
                Wire.Reply next = caller.get("/shop", "Cookie: other=1; " + cookie);
                assertThat(next.body()).isEqualTo(first.body());
                assertThat(next.head()).doesNotContain("set-cookie");
            }
        }
        assertThat(homes.size()).isGreaterThan(1);
    }

    @Test
    void aFartherLocalityTakesOverWhenTheNearOneFailsAndGivesBackWhenItReturns() throws Exception {
        caller.close();
        Locality near = Locality.parse("r1/z1/s1");
        io.weft.engine.AdjustableClock clock = io.weft.engine.AdjustableClock.running();
        caller = new Caller(clock, near);
        TestApp here = caller.app("here", near);
        caller.app("there", Locality.parse("r1/z2/s1"));
        caller.locality(
                        new LocalityPolicy(true, List.of(), Map.of(), Map.of()),
                        new OutlierDetection(
                                1,
                                0,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30),
                                100,
                                0,
                                ORIGIN))
                .forward();
        for (int i = 0; i < 5; i++) {
            assertThat(caller.get("/").body()).isEqualTo("here");
        }
        here.behave(seen -> TestApp.text(500, "broken"));
        assertThat(caller.get("/").body()).isEqualTo("broken");
        for (int i = 0; i < 5; i++) {
            assertThat(caller.get("/").body()).isEqualTo("there");
        }
        here.behave(seen -> TestApp.text(200, "here"));
        clock.advance(Duration.ofSeconds(32));
        assertThat(caller.get("/").body()).isEqualTo("here");
    }

    @Test
    void whenAllAreEjectedTheLogSaysWhy() throws Exception {
        TestApp app = caller.app("bad");
        app.behave(seen -> TestApp.text(503, "bad"));
        caller.locality(
                        LocalityPolicy.OFF,
                        new OutlierDetection(
                                2,
                                0,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                100,
                                0,
                                ORIGIN))
                .forward();
        caller.get("/");
        caller.get("/");
        assertThat(caller.get("/").body()).isEqualTo("no healthy upstream");
        RecordingLog.Line line = caller.node.log().await(3);
        assertThat(line.flags()).isEqualTo("UH");
        assertThat(line.failure())
                .contains("no healthy endpoint of server.ns.svc.cluster.local:8080")
                .contains("1 of 1 ejected after 2 consecutive 5xx");
        assertThat(caller.node.plane().leftOut())
                .singleElement()
                .satisfies(left -> {
                    assertThat(left.host()).isEqualTo("server.ns.svc.cluster.local");
                    assertThat(left.sick()).isFalse();
                    assertThat(left.ejections()).isEqualTo(1);
                    assertThat(left.why()).startsWith("after 2 consecutive 5xx, ");
                });
    }

    @Test
    void inPanicAllEndpointsAreUsedAgain() throws Exception {
        for (String name : List.of("a", "b")) {
            caller.app(name).behave(seen -> TestApp.text(503, name));
        }
        caller.locality(
                        LocalityPolicy.OFF,
                        new OutlierDetection(
                                1,
                                0,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                100,
                                50,
                                ORIGIN))
                .forward();
        for (int i = 0; i < 8; i++) {
            assertThat(caller.get("/").body()).isIn("a", "b");
        }
        assertThat(caller.node.log().await(8).flags()).isEqualTo("-");
    }

    @Test
    void streamsUnderWayFinishWhileAnHttp2ConnectionIsToldToGoAway() throws Exception {
        TestApp app = caller.app("late");
        caller.forward(
                new Filter.Delay(Duration.ofMillis(150), Fraction.ALL, Match.ALWAYS, ORIGIN));
        try (Http2Client http2 =
                new Http2Client(caller.mesh.apps, caller.node.plane().outboundPort())) {
            var reply = http2.send("GET", Caller.HOST, "/", "");
            Await.until("it is under way", () -> caller.node.plane().view().activeExchanges() == 1);
            var drained = caller.node.plane().drain(Duration.ofSeconds(5));
            assertThat(caller.node.plane().isReady()).isFalse();
            assertThat(reply.get(10, TimeUnit.SECONDS).body()).isEqualTo("late");
            drained.toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void aPeerThatTalksNonsenseIsAProtocolError() throws Exception {
        ServerSocket server = silent();
        caller.endpoint("nonsense", server.getLocalPort(), Locality.UNKNOWN);
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket accepted = server.accept()) {
                        accepted.getInputStream().read(new byte[1024]);
                        accepted.getOutputStream().write("SSH-2.0-nonsense\r\n\r\n".getBytes());
                        accepted.getInputStream().read(new byte[1024]);
                    } catch (IOException e) {
                        // The test is over.
                    }
                });
        caller.forward();
        assertThat(caller.get("/").status()).isBetween(502, 503);
        assertThat(caller.node.log().await(1).flags()).isIn("UPE", "UC");
    }
}
