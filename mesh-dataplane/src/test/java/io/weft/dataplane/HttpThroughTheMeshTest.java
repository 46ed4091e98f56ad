package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.retry;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.TestAuthority;
import io.weft.dataplane.testing.Wire;
import io.weft.engine.AdjustableClock;
import io.weft.engine.MeshClock;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.authz.JwtRule;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.JwksSet;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.UnknownHost;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.HeaderOp;
import io.weft.model.route.RetryOn;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpThroughTheMeshTest {

    private static final String GET = "GET %s HTTP/1.1\r\nHost: server.ns:8080\r\n%s\r\n";

    private final MeshPair mesh = new MeshPair();
    private TestApp app;
    private MeshPair.Node server;
    private MeshPair.Node client;

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "hello")));
        server =
                mesh.start(
                        "server",
                        s ->
                                s.inbound(
                                        InboundBinding.of(
                                                8080, "http", AppProtocol.HTTP, app.port())));
        client = mesh.start("client", s -> s);
        serve(MtlsMode.STRICT, AuthzProgram.ALLOW_ALL);
        call(route(Match.ALWAYS, List.of(), Timeouts.NONE, null, to(8080, "", 1)));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private void serve(MtlsMode mode, AuthzProgram authz) {
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        port(8080, AppProtocol.HTTP, mode, authz))));
    }

    private void call(io.weft.model.route.Route... routes) {
        RouteTable table = table("server.ns:8080", AppProtocol.HTTP, routes);
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                table,
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(8080, mesh())));
    }

    private io.weft.model.cluster.Endpoint mesh() {
        return endpoint("server-0", meshPort(), mesh.id("server"), Map.of());
    }

    private int meshPort() {
        return server.plane().inboundPorts().get(8080);
    }

    private Wire.Reply get(String path, String headers) throws Exception {
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            return wire.send(GET.formatted(path, headers)).reply();
        }
    }

    @Test
    void passesARequestThroughTwoSidecarsWithTheCallersIdentity() throws Exception {
        Wire.Reply reply =
                get("/raw%2Fpath?x=1", "X-Case: Kept\r\nX-Forwarded-Client-Cert: forged\r\n");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("hello");
        TestApp.Seen seen = app.seen().getFirst();
        assertThat(seen.uri()).isEqualTo("/raw%2Fpath?x=1");
        assertThat(seen.header("x-forwarded-client-cert"))
                .startsWith("By=spiffe://cluster.local/ns/ns/sa/server;Hash=")
                .endsWith(";Subject=\"O=weft\";URI=spiffe://cluster.local/ns/ns/sa/client");
        assertThat(seen.headers().stream().map(Map.Entry::getKey)).contains("X-Case");
        assertThat(seen.has("x-weft-peer")).isFalse();
        RecordingLog.Line outbound = client.log().await(1);
        assertThat(outbound.cluster()).isEqualTo("outbound|8080||server.ns.svc.cluster.local");
        assertThat(outbound.status()).isEqualTo(200);
        assertThat(server.log().await(1).peer()).isEqualTo(mesh.id("client").uri());
    }

    @Test
    void keepsOneConnectionForRequestAfterRequestAndAnswersPipelinedOnesInOrder() throws Exception {
        app.behave(seen -> TestApp.text(200, seen.uri()));
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            wire.send(GET.formatted("/1", "") + GET.formatted("/2", "") + GET.formatted("/3", ""));
            assertThat(wire.reply().body()).isEqualTo("/1");
            assertThat(wire.reply().body()).isEqualTo("/2");
            assertThat(wire.reply().body()).isEqualTo("/3");
            wire.send(
                    "POST /4 HTTP/1.1\r\nHost: server.ns:8080\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3\r\nabc\r\n0\r\n\r\n");
            assertThat(wire.reply().body()).isEqualTo("/4");
            assertThat(app.seen().getLast().body()).isEqualTo("abc");
        }
    }

    @Test
    void refusesPlainTextToAStrictPortAndLogsWhy() throws Exception {
        try (Wire wire = new Wire(meshPort())) {
            wire.send(GET.formatted("/", ""));
            assertThat(wire.isRefused()).isTrue();
        }
        assertThat(server.log().await(1).failure()).contains("plain text").contains("test.yaml:7");
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void takesPlainTextOnAPermissivePortWithoutAnIdentity() throws Exception {
        serve(MtlsMode.PERMISSIVE, AuthzProgram.ALLOW_ALL);
        try (Wire wire = new Wire(meshPort())) {
            wire.send(GET.formatted("/", "x-forwarded-client-cert: forged\r\n"));
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        assertThat(app.seen().getFirst().has("x-forwarded-client-cert")).isFalse();
    }

    @Test
    void closesAnOpenPlainConnectionWhenThePortBecomesStrict() throws Exception {
        serve(MtlsMode.PERMISSIVE, AuthzProgram.ALLOW_ALL);
        try (Wire wire = new Wire(meshPort())) {
            wire.send(GET.formatted("/", ""));
            assertThat(wire.reply().status()).isEqualTo(200);
            serve(MtlsMode.STRICT, AuthzProgram.ALLOW_ALL);
            assertThat(wire.isRefused()).isTrue();
        }
    }

    @Test
    void refusesACertificateOfAnotherTrustDomain() throws Exception {
        TestAuthority foreign = TestAuthority.of("evil.example");
        MeshPair.Node stranger =
                mesh.start(
                        "client",
                        foreign.tls(foreign.id("ns", "client")),
                        MeshClock.system(),
                        null,
                        s -> s);
        stranger.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                table(
                                        "server.ns:8080",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(8080, mesh())));
        try (Wire wire = new Wire(stranger.plane().outboundPort())) {
            assertThat(wire.send(GET.formatted("/", "")).reply().status()).isEqualTo(503);
        }
        assertThat(stranger.log().await(1).flags()).isEqualTo("UF");
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void refusesAnEndpointThatIsNotWhoItShouldBe() throws Exception {
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                table(
                                        "server.ns:8080",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(
                                        8080,
                                        endpoint("s", meshPort(), mesh.id("other"), Map.of()))));
        assertThat(get("/", "").status()).isEqualTo(503);
        assertThat(client.log().await(1).failure())
                .contains("/sa/server")
                .contains("expected: spiffe://cluster.local/ns/ns/sa/other");
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void deniesByPolicyAndNamesItsOrigin() throws Exception {
        AuthzProgram program =
                new AuthzProgram(
                        List.of(
                                new AuthzLayer(
                                        Dialect.ISTIO,
                                        List.of(
                                                new AuthzStep.Decide(
                                                        Effect.ALLOW,
                                                        new Match.Path(
                                                                new StringMatch.Exact("/open")),
                                                        false,
                                                        ORIGIN)),
                                        Effect.DENY,
                                        ORIGIN)));
        serve(MtlsMode.STRICT, program);
        assertThat(get("/open", "").status()).isEqualTo(200);
        Wire.Reply denied = get("/closed", "");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.head()).contains("application/problem+json");
        assertThat(denied.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,"
                                + "\"detail\":\"RBAC: access denied\"}");
        assertThat(server.log().await(2).decidedBy()).contains("test.yaml:7");
        assertThat(get("/open/../closed", "").status()).isEqualTo(403);
        assertThat(get("/x/%2e%2e/open", "").status()).isEqualTo(200);
        assertThat(app.seen().getLast().uri()).isEqualTo("/open");
    }

    @Test
    void answersATokenThatDoesNotVerifyWith401() throws Exception {
        InboundPort port = port(8080, AppProtocol.HTTP, MtlsMode.STRICT, AuthzProgram.ALLOW_ALL);
        JwtRule rule =
                new JwtRule(
                        "https://issuer",
                        List.of(),
                        "keys",
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        null,
                        List.of(),
                        List.of(),
                        ORIGIN);
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        new InboundPort(
                                                port.port(),
                                                port.name(),
                                                port.protocol(),
                                                port.service(),
                                                port.mtls(),
                                                port.mtlsOrigin(),
                                                List.of(rule),
                                                port.authz(),
                                                List.of())),
                                new JwksSet("keys", "{\"keys\":[]}")));
        assertThat(get("/", "").status()).isEqualTo(200);
        Wire.Reply refused = get("/", "Authorization: Bearer abc.def.ghi\r\n");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.head().toLowerCase(java.util.Locale.ROOT))
                .contains("www-authenticate: bearer realm=");
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void triesAgainOn503AsThePolicySays() throws Exception {
        call(
                route(
                        Match.ALWAYS,
                        List.of(),
                        Timeouts.NONE,
                        retry(2, RetryOn.FIVE_XX),
                        to(8080, "", 1)));
        AtomicInteger calls = new AtomicInteger();
        app.behave(seen ->
                calls.incrementAndGet() < 3
                        ? TestApp.text(503, "busy")
                        : TestApp.text(200, seen.body()));
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            wire.send("POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 4\r\n\r\nbody");
            Wire.Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("body");
        }
        assertThat(calls).hasValue(3);
        assertThat(client.log().await(1).attempts()).isEqualTo(3);
    }

    @Test
    void passesTheLastAnswerOnWhenRetriesAreUsedUp() throws Exception {
        call(
                route(
                        Match.ALWAYS,
                        List.of(),
                        Timeouts.NONE,
                        retry(1, RetryOn.FIVE_XX),
                        to(8080, "", 1)));
        app.behave(seen -> TestApp.text(503, "busy"));
        Wire.Reply reply = get("/", "");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).isEqualTo("busy");
        assertThat(client.log().await(1).flags()).isEqualTo("URX");
        assertThat(app.seen()).hasSize(2);
    }

    @Test
    void endsARequestThatTakesTooLongWith504() throws Exception {
        call(
                route(
                        new Match.Path(new StringMatch.Exact("/slow")),
                        List.of(
                                new Filter.Headers(
                                        List.of(new HeaderOp.Set("x-a", "1")), List.of(), ORIGIN)),
                        new Timeouts(Duration.ofMillis(100), null),
                        null,
                        to(8080, "", 1)));
        java.util.concurrent.CountDownLatch gate = new java.util.concurrent.CountDownLatch(1);
        app.behave(seen -> {
            try {
                gate.await(5, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return TestApp.text(200, "late");
        });
        assertThat(get("/slow", "").status()).isEqualTo(504);
        assertThat(client.log().await(1).flags()).isEqualTo("UT");
        gate.countDown();
        assertThat(get("/other", "").status()).isEqualTo(404);
        assertThat(client.log().await(2).flags()).isEqualTo("NR");
    }

    @Test
    void injectsFaultsAndChangesHeaders() throws Exception {
        call(
                route(
                        new Match.Path(new StringMatch.Exact("/abort")),
                        List.of(new Filter.Abort(418, null, Fraction.ALL, Match.ALWAYS, ORIGIN)),
                        Timeouts.NONE,
                        null,
                        to(8080, "", 1)),
                route(
                        Match.ALWAYS,
                        List.of(
                                new Filter.Headers(
                                        List.of(new HeaderOp.Set("x-seen", "%REQ(:path)%")),
                                        List.of(new HeaderOp.Set("x-back", "yes")),
                                        ORIGIN)),
                        Timeouts.NONE,
                        null,
                        to(8080, "", 1)));
        assertThat(get("/abort", "").status()).isEqualTo(418);
        assertThat(client.log().await(1).flags()).isEqualTo("FI");
        Wire.Reply reply = get("/p", "");
        assertThat(reply.head()).contains("x-back: yes");
        assertThat(app.seen().getLast().header("x-seen")).isEqualTo("/p");
    }

    @Test
    void splitsByWeightBetweenSubsets() throws Exception {
        TestApp second = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "v2")));
        app.behave(seen -> TestApp.text(200, "v1"));
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                table(
                                        "server.ns:8080",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "v1", 90),
                                                to(8080, "v2", 10))),
                                cluster(
                                        8080,
                                        "v1",
                                        AppProtocol.HTTP,
                                        ConnectionLimits.DEFAULT,
                                        null),
                                cluster(
                                        8080,
                                        "v2",
                                        AppProtocol.HTTP,
                                        ConnectionLimits.DEFAULT,
                                        null),
                                endpoints(
                                        8080,
                                        endpoint("a", app.port(), null, Map.of("version", "v1")),
                                        endpoint(
                                                "b",
                                                second.port(),
                                                null,
                                                Map.of("version", "v2")))));
        int secondVersion = 0;
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            for (int i = 0; i < 500; i++) {
                secondVersion +=
                        wire.send(GET.formatted("/", "")).reply().body().equals("v2") ? 1 : 0;
            }
        }
        assertThat(secondVersion).isBetween(20, 80);
    }

    @Test
    void leavesAFailingEndpointOutUntilItsTimeIsOver() throws Exception {
        AdjustableClock clock = AdjustableClock.running();
        TestApp good = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "good")));
        app.behave(seen -> TestApp.text(500, "bad"));
        MeshPair.Node caller =
                mesh.start("client", mesh.authority.tls(mesh.id("client")), clock, null, s -> s);
        OutlierDetection outlier =
                new OutlierDetection(
                        2, 0, Duration.ofSeconds(1), Duration.ofSeconds(30), 50, 0, ORIGIN);
        caller.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                table(
                                        "server.ns:8080",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                cluster(
                                        8080,
                                        "",
                                        AppProtocol.HTTP,
                                        ConnectionLimits.DEFAULT,
                                        outlier),
                                endpoints(
                                        8080,
                                        endpoint("bad", app.port(), null, Map.of()),
                                        endpoint("good", good.port(), null, Map.of()))));
        try (Wire wire = new Wire(caller.plane().outboundPort())) {
            for (int i = 0; i < 20; i++) {
                wire.send(GET.formatted("/", "")).reply();
            }
            assertThat(app.seen()).hasSize(2);
            assertThat(caller.plane().view().clusters().getFirst().endpoints())
                    .anyMatch(e -> e.id().equals("bad") && !e.healthy());
            clock.advance(Duration.ofSeconds(31));
            for (int i = 0; i < 4; i++) {
                wire.send(GET.formatted("/", "")).reply();
            }
            assertThat(app.seen().size()).isGreaterThan(2);
        }
    }

    @Test
    void asksForAnUnknownDestinationOnceAndHoldsTheRequestUntilItsRoutesCome() throws Exception {
        client.source()
                .onWant(name ->
                        Thread.ofVirtual()
                                .start(() ->
                                        client.source()
                                                .publish(
                                                        set(
                                                                workload(
                                                                        "client",
                                                                        OutboundPolicy
                                                                                .REGISTRY_ONLY),
                                                                new UnknownHost(name)))));
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            wire.send("GET / HTTP/1.1\r\nHost: nowhere.example\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(502);
        }
        assertThat(client.source().wants()).contains("nowhere.example:80");
        assertThat(client.log().await(1).cluster()).isEqualTo("BlackHoleCluster");
    }

    @Test
    void passesHostsTheMeshDoesNotKnowOnWhenAllowed() throws Exception {
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                new UnknownHost("127.0.0.1:" + app.port())));
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            wire.send(
                    "GET http://127.0.0.1:%d/x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                            .formatted(app.port(), app.port()));
            assertThat(wire.reply().body()).isEqualTo("hello");
        }
        assertThat(client.log().await(1).destination()).isEqualTo("PassthroughCluster");
    }

    @Test
    void keepsTheConfigurationInForceWhenANewOneCannotBeUsed() throws Exception {
        assertThatThrownBy(() ->
                        call(
                                route(
                                        new Match.Path(new StringMatch.Regex("(")),
                                        List.of(),
                                        Timeouts.NONE,
                                        null,
                                        to(8080, "", 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(get("/", "").status()).isEqualTo(200);
    }

    @Test
    void answersHeadAnd204WithoutABodyAndPassesAnEarlyContinueOn() throws Exception {
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            wire.send("HEAD / HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n");
            Wire.Reply head = wire.reply(true);
            assertThat(head.head().toLowerCase(java.util.Locale.ROOT))
                    .contains("content-length: 5");
            app.behave(seen -> TestApp.text(204, ""));
            assertThat(wire.send(GET.formatted("/", "")).reply().status()).isEqualTo(204);
            app.behave(seen -> TestApp.text(200, "after"));
            wire.send(
                    "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nExpect: 100-continue\r\n"
                            + "Content-Length: 2\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(100);
            assertThat(wire.send("ok").reply().body()).isEqualTo("after");
        }
    }

    @Test
    void finishesWhatIsUnderWayWhenItDrainsAndClosesTheConnection() throws Exception {
        try (Wire wire = new Wire(client.plane().outboundPort())) {
            wire.send(GET.formatted("/", "")).reply();
            client.plane().drain(Duration.ofSeconds(1)).toCompletableFuture().join();
            assertThat(client.plane().isReady()).isFalse();
            Wire.Reply last = wire.send(GET.formatted("/", "")).reply();
            assertThat(last.head().toLowerCase(java.util.Locale.ROOT))
                    .contains("connection: close");
            assertThat(wire.isRefused()).isTrue();
        }
        Await.until("connections end", () -> client.plane().view().connections() == 0);
    }

    @Test
    void hidesThatThePeerHasClosedAConnectionOfThePool() throws Exception {
        int rounds = 10;
        try (java.net.ServerSocket flaky =
                new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> closeOnSecondRequest(flaky));
            client.source()
                    .publish(
                            set(
                                    workload("client", OutboundPolicy.ALLOW_ANY),
                                    table(
                                            "server.ns:8080",
                                            AppProtocol.HTTP,
                                            route(
                                                    Match.ALWAYS,
                                                    List.of(),
                                                    Timeouts.NONE,
                                                    null,
                                                    to(8080, "", 1))),
                                    cluster(8080, AppProtocol.HTTP),
                                    endpoints(
                                            8080,
                                            endpoint(
                                                    "flaky",
                                                    flaky.getLocalPort(),
                                                    null,
                                                    Map.of()))));
            try (Wire wire = new Wire(client.plane().outboundPort())) {
                for (int i = 0; i < rounds; i++) {
                    assertThat(wire.send(GET.formatted("/", "")).reply().status()).isEqualTo(200);
                }
            }
            assertThat(client.log().await(rounds).status()).isEqualTo(200);
            assertThat(client.log().lines()).anyMatch(line -> line.attempts() == 2);
        }
    }

    /** Answers the first request of each connection; the second finds it closed. */
    private static void closeOnSecondRequest(java.net.ServerSocket server) {
        byte[] answer =
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        while (!server.isClosed()) {
            try {
                java.net.Socket accepted = server.accept();
                Thread.ofVirtual()
                        .start(() -> {
                            byte[] block = new byte[4096];
                            try (accepted) {
                                if (accepted.getInputStream().read(block) > 0) {
                                    accepted.getOutputStream().write(answer);
                                    accepted.getInputStream().read(block);
                                }
                            } catch (java.io.IOException e) {
                                // The proxy went away.
                            }
                        });
            } catch (java.io.IOException e) {
                return;
            }
        }
    }
}
