package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.engine.AdjustableClock;
import io.weft.model.Locality;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.route.Filter;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rate limits, sizes, compression, concurrency and care for endpoints, over real sockets. */
class RequestRulesTest {

    private final AdjustableClock clock = AdjustableClock.running();
    private final Caller caller = new Caller(clock, Locality.UNKNOWN);

    @AfterEach
    void stop() throws Exception {
        caller.close();
    }

    @Test
    void aLimitTellsWhatIsLeftAndWhenToComeBack() throws Exception {
        TestApp app = caller.app("hello");
        caller.forward(new Filter.LocalRateLimit(2, Duration.ofMinutes(1), 2, "", ORIGIN));
        assertThat(caller.get("/").head())
                .contains("ratelimit-limit: 2")
                .contains("ratelimit-remaining: 1")
                .contains("ratelimit-reset: 30")
                .contains("x-ratelimit-limit: 2")
                .contains("x-ratelimit-remaining: 1")
                .doesNotContain("retry-after");
        assertThat(caller.get("/").head()).contains("x-ratelimit-remaining: 0");
        Wire.Reply refused = caller.get("/");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.head())
                .contains("retry-after: 30")
                .contains("x-envoy-ratelimited: true");
        RecordingLog.Line line = caller.node.log().await(3);
        assertThat(line.flags()).isEqualTo("RL");
        assertThat(line.details()).isEqualTo("local_rate_limited");
        assertThat(line.decidedBy()).contains("test.yaml:7");
        clock.advance(Duration.ofSeconds(31));
        assertThat(caller.get("/").status()).isEqualTo(200);
        assertThat(app.seen()).hasSize(3);
    }

    @Test
    void aLimitByHeaderCountsEachValueForItself() throws Exception {
        caller.app("hello");
        caller.forward(new Filter.LocalRateLimit(1, Duration.ofMinutes(1), 1, "x-tenant", ORIGIN));
        assertThat(caller.get("/", "X-Tenant: a").status()).isEqualTo(200);
        assertThat(caller.get("/", "X-Tenant: a").status()).isEqualTo(429);
        assertThat(caller.get("/", "X-Tenant: b").status()).isEqualTo(200);
    }

    @Test
    void ofTwoLimitsTheTighterIsTold() throws Exception {
        caller.app("hello");
        caller.forward(
                new Filter.LocalRateLimit(100, Duration.ofMinutes(1), 100, "", ORIGIN),
                new Filter.LocalRateLimit(5, Duration.ofMinutes(1), 5, "", ORIGIN));
        assertThat(caller.get("/").head()).contains("x-ratelimit-limit: 5");
    }

    @Test
    void aGlobalLimitWithoutRedisClosesOrOpensAsItSays() throws Exception {
        TestApp app = caller.app("hello");
        caller.forward(global(false));
        assertThat(caller.get("/").status()).isEqualTo(500);
        RecordingLog.Line line = caller.node.log().await(1);
        assertThat(line.flags()).isEqualTo("RLSE");
        assertThat(line.failure()).contains("no Redis is configured");
        assertThat(app.seen()).isEmpty();
        caller.forward(global(true));
        assertThat(caller.get("/").status()).isEqualTo(200);
        assertThat(caller.node.log().counts())
                .containsEntry("GLOBAL_RATE_LIMIT all unavailable_denied", 1)
                .containsEntry("GLOBAL_RATE_LIMIT all unavailable_allowed", 1);
    }

    private static Filter global(boolean open) {
        return new Filter.GlobalRateLimit("all", 5, Duration.ofSeconds(1), 5, "", open, ORIGIN);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherAnnouncedOrNot() throws Exception {
        TestApp app = caller.app("hello");
        caller.forward(new Filter.SizeLimit(4, 0, ORIGIN));
        try (Wire wire = caller.wire()) {
            wire.send("POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 4\r\n\r\n1234");
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        try (Wire wire = caller.wire()) {
            wire.send("POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 5\r\n\r\n12345");
            assertThat(wire.reply().status()).isEqualTo(413);
        }
        try (Wire wire = caller.wire()) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3\r\n123\r\n3\r\n456\r\n0\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(413);
        }
        assertThat(app.seen()).hasSize(1);
        assertThat(caller.node.log().await(3).details()).isEqualTo("request_payload_too_large");
    }

    @Test
    void anAnswerThatIsTooLargeIsNotPassedOn() throws Exception {
        caller.app("a long answer");
        caller.forward(new Filter.SizeLimit(0, 5, ORIGIN));
        assertThat(caller.get("/").status()).isEqualTo(502);
        RecordingLog.Line line = caller.node.log().await(1);
        assertThat(line.details()).isEqualTo("response_payload_too_large");
        assertThat(line.failure()).contains("13 bytes");
    }

    private static final Filter.Compression GZIP =
            new Filter.Compression(
                    List.of("br", "gzip"), 20, List.of("text/*", "application/json"), ORIGIN);

    private TestApp texts(String type, String text) {
        TestApp app = caller.app("x");
        app.behave(seen -> {
            var answer = TestApp.text(200, text);
            answer.headers().set("content-type", type);
            answer.headers().set("etag", "\"1\"");
            return answer;
        });
        return app;
    }

    @Test
    void anAnswerIsCompressedForWhoAcceptsIt() throws Exception {
        String text = "compress me ".repeat(1000);
        texts("text/plain; charset=utf-8", text);
        caller.forward(GZIP);
        Wire.Reply reply = caller.get("/", "Accept-Encoding: deflate, gzip;q=0.8");
        assertThat(reply.head())
                .contains("content-encoding: gzip")
                .contains("vary: accept-encoding")
                .contains("etag: W/\"1\"");
        assertThat(reply.body().length()).isLessThan(text.length() / 5);
        byte[] bytes = reply.body().getBytes(StandardCharsets.ISO_8859_1);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void anAnswerStaysAsItIsWhereCompressionIsNotAskedForOrNoUse() throws Exception {
        String text = "a text that is long enough for it";
        TestApp app = texts("text/plain", text);
        caller.forward(GZIP);
        assertThat(caller.get("/").body()).isEqualTo(text);
        assertThat(caller.get("/", "Accept-Encoding: gzip;q=0").body()).isEqualTo(text);
        app.behave(seen -> TestApp.text(200, "short"));
        assertThat(caller.get("/", "Accept-Encoding: gzip").body()).isEqualTo("short");
        app.behave(seen -> {
            var answer = TestApp.text(200, text);
            answer.headers().set("content-type", "image/png");
            return answer;
        });
        assertThat(caller.get("/", "Accept-Encoding: gzip").body()).isEqualTo(text);
        app.behave(seen -> {
            var answer = TestApp.text(200, text);
            answer.headers().set("content-type", "text/plain");
            answer.headers().set("cache-control", "no-transform");
            return answer;
        });
        assertThat(caller.get("/", "Accept-Encoding: gzip").body()).isEqualTo(text);
    }

    @Test
    void whatLatencyDoesNotAllowIsShed() throws Exception {
        ServerSocket silent =
                caller.mesh.closing(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        caller.endpoint("silent", silent.getLocalPort(), Locality.UNKNOWN);
        caller.forward(new Filter.Concurrency(1, 1, ORIGIN));
        try (Wire first = caller.wire()) {
            first.send(Caller.request("GET", "/1"));
            Await.until("it is under way", () -> caller.node.plane().view().activeExchanges() == 1);
            assertThat(caller.get("/2").status()).isEqualTo(503);
        }
        assertThat(caller.node.log().await(1).flags()).isEqualTo("UO");
        caller.node.log().await(2);
        try (Wire next = caller.wire()) {
            next.send(Caller.request("GET", "/3"));
            Await.until(
                    "the place is free again",
                    () -> caller.node.plane().view().activeExchanges() == 1);
        }
        assertThat(caller.node.log().await(3).flags()).isEqualTo("DC");
    }

    private void care(EndpointCare.HealthCheck check, EndpointCare.SlowStart slowStart) {
        caller.cluster(caller.cluster().with(new EndpointCare(check, slowStart, ORIGIN)));
    }

    private static EndpointCare.HealthCheck check(String path) {
        return new EndpointCare.HealthCheck(
                path, "", Duration.ofMillis(20), Duration.ofMillis(500), 2, 1, List.of());
    }

    @Test
    void anEndpointThatFailsItsHealthCheckIsLeftOutUntilItIsWell() throws Exception {
        TestApp sick = caller.app("sick");
        caller.app("well");
        sick.behave(seen -> TestApp.text(seen.uri().equals("/healthz") ? 503 : 200, "sick"));
        care(check("/healthz"), null);
        caller.forward();
        Await.until("it is left out", () -> healthy("sick", false));
        for (int i = 0; i < 6; i++) {
            assertThat(caller.get("/").body()).isEqualTo("well");
        }
        caller.forward(new Filter.SizeLimit(1000, 0, ORIGIN));
        sick.behave(seen -> TestApp.text(200, "sick"));
        Await.until("it is back", () -> healthy("sick", true));
        Await.until("it is used", () -> caller.get("/").body().equals("sick"));
        assertThat(caller.node.log().counts())
                .containsKey("HEALTH_CHECK server.ns.svc.cluster.local:8080 failed");
    }

    private boolean healthy(String id, boolean wanted) {
        return caller.node.plane().view().clusters().getFirst().endpoints().stream()
                .anyMatch(e -> e.id().equals(id) && e.healthy() == wanted);
    }

    @Test
    void aCheckThatOnlyConnectsFindsAClosedPortAndTheLogSaysWhy() throws Exception {
        TestApp closed = caller.app("closed");
        closed.close();
        care(check(""), null);
        caller.forward();
        Await.until("it is left out", () -> healthy("closed", false));
        assertThat(caller.get("/").status()).isEqualTo(503);
        assertThat(caller.node.log().await(1).failure()).contains("1 failed their health check");
    }

    @Test
    void aNewEndpointTakesItsShareByAndBy() throws Exception {
        caller.app("old");
        caller.balancing(new LoadBalancing.Random());
        care(null, new EndpointCare.SlowStart(Duration.ofMinutes(10), 1, 1));
        caller.forward();
        assertThat(caller.get("/").body()).isEqualTo("old");
        TestApp young = caller.app("young");
        caller.forward();
        try (Wire wire = caller.wire()) {
            for (int i = 0; i < 100; i++) {
                wire.send(Caller.request("GET", "/")).reply();
            }
            assertThat(young.seen().size()).isLessThan(15);
            clock.advance(Duration.ofMinutes(11));
            int before = young.seen().size();
            for (int i = 0; i < 100; i++) {
                wire.send(Caller.request("GET", "/")).reply();
            }
            assertThat(young.seen().size() - before).isBetween(25, 75);
        }
    }
}
