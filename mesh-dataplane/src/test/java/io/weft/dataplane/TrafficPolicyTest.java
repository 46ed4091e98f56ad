package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Caller;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.HeaderOp;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What routes do with requests, over real sockets. */
class TrafficPolicyTest {

    private final Caller caller = new Caller();
    private final TestApp app = caller.app("hello");

    @AfterEach
    void stop() throws Exception {
        caller.close();
    }

    private static Filter.Cors cors(boolean credentials, boolean forward, StringMatch... origins) {
        return new Filter.Cors(
                List.of(origins),
                List.of("GET", "PUT"),
                List.of("x-token"),
                List.of("x-total"),
                Duration.ofHours(1),
                credentials,
                forward,
                ORIGIN);
    }

    @Test
    void aPreflightOfAnAllowedOriginIsAnsweredWithoutTheApplication() throws Exception {
        caller.forward(cors(true, true, new StringMatch.Exact("https://a.example")));
        Wire.Reply reply =
                caller.send(
                        "OPTIONS",
                        "/",
                        "Origin: https://a.example",
                        "Access-Control-Request-Method: PUT");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.head())
                .contains("access-control-allow-origin: https://a.example")
                .contains("access-control-allow-methods: GET,PUT")
                .contains("access-control-allow-headers: x-token")
                .contains("access-control-allow-credentials: true")
                .contains("access-control-max-age: 3600");
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void anAnswerToAnAllowedOriginIsGrantedAndToOthersIsNot() throws Exception {
        caller.forward(cors(false, true, new StringMatch.Regex("https://.*\\.example")));
        assertThat(caller.get("/", "Origin: https://b.example").head())
                .contains("access-control-allow-origin: https://b.example")
                .contains("access-control-expose-headers: x-total")
                .doesNotContain("credentials");
        assertThat(caller.get("/", "Origin: https://evil.test").head())
                .doesNotContain("access-control");
        assertThat(app.seen()).hasSize(2);
    }

    @Test
    void aPreflightOfAnotherOriginIsForwardedOrAnsweredWithoutAGrant() throws Exception {
        caller.forward(cors(false, true, new StringMatch.Exact("https://a.example")));
        String[] preflight = {"Origin: https://x.test", "Access-Control-Request-Method: GET"};
        assertThat(caller.send("OPTIONS", "/", preflight).body()).isEqualTo("hello");
        caller.forward(cors(false, false, new StringMatch.Exact("https://a.example")));
        Wire.Reply refused = caller.send("OPTIONS", "/", preflight);
        assertThat(refused.head()).doesNotContain("access-control");
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void anyOriginIsNamedBackWithCredentialsAndAStarWithout() throws Exception {
        caller.forward(cors(true, true, new StringMatch.Prefix("", false)));
        assertThat(caller.get("/", "Origin: https://c.test").head())
                .contains("access-control-allow-origin: https://c.test")
                .contains("access-control-allow-credentials: true");
    }

    @Test
    void anAnswerOfTheApplicationsOwnGrantIsReplaced() throws Exception {
        app.behave(seen -> {
            var answer = TestApp.text(200, "");
            answer.headers().set("access-control-allow-origin", "*");
            return answer;
        });
        caller.forward(cors(false, true, new StringMatch.Exact("https://a.example")));
        assertThat(caller.get("/", "Origin: https://a.example").head())
                .contains("access-control-allow-origin: https://a.example")
                .doesNotContain("access-control-allow-origin: *");
    }

    @Test
    void aMirrorGetsACopyAndItsFailureIsNobodysBusiness() throws Exception {
        TestApp shadow =
                caller.mesh.closing(
                        TestApp.http1(caller.mesh.apps, seen -> TestApp.text(500, "broken")));
        mirrorTo(shadow.port(), Fraction.ALL);
        try (Wire wire = caller.wire()) {
            wire.send(
                    "POST /m?x=1 HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 4\r\n\r\nbody");
            Wire.Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("hello");
        }
        Await.until("the copy has come", () -> !shadow.seen().isEmpty());
        TestApp.Seen copy = shadow.seen().getFirst();
        assertThat(copy.uri()).isEqualTo("/m?x=1");
        assertThat(copy.body()).isEqualTo("body");
        assertThat(copy.header("host")).isEqualTo("server.ns-shadow:8080");
        assertThat(app.seen().getFirst().header("host")).isEqualTo("server.ns:8080");
        shadow.close();
        mirrorTo(1, Fraction.ALL);
        assertThat(caller.get("/").status()).isEqualTo(200);
        mirrorTo(shadow.port(), Fraction.NONE);
        assertThat(caller.get("/").status()).isEqualTo(200);
        assertThat(shadow.seen()).hasSize(1);
    }

    private void mirrorTo(int port, Fraction share) {
        String name = "shadow.ns.svc.cluster.local:8080";
        var base = caller.cluster();
        caller.with(
                new io.weft.model.resource.Cluster(
                        name,
                        "shadow.ns.svc.cluster.local",
                        8080,
                        "",
                        base.protocol(),
                        base.subsetLabels(),
                        List.of(name),
                        base.balancing(),
                        base.locality(),
                        base.limits(),
                        null,
                        base.tls(),
                        ORIGIN));
        caller.with(
                new io.weft.model.resource.EndpointSet(
                        name,
                        io.weft.model.cluster.Resolution.STATIC,
                        List.of(
                                io.weft.dataplane.testing.Resources.endpoint(
                                        "shadow-" + port, port, null, java.util.Map.of()))));
        caller.forward(new Filter.Mirror(name, share, ORIGIN));
    }

    @Test
    void aDelayHoldsTheRequestBackForItsShareOnly() throws Exception {
        Match jason = new Match.Header("end-user", new StringMatch.Exact("jason"));
        caller.forward(new Filter.Delay(Duration.ofMillis(120), Fraction.ALL, jason, ORIGIN));
        long start = System.nanoTime();
        assertThat(caller.get("/", "end-user: jason").status()).isEqualTo(200);
        assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(115).toNanos());
        assertThat(caller.node.log().await(1).flags()).isEqualTo("DI");
        assertThat(caller.get("/").status()).isEqualTo(200);
        assertThat(caller.node.log().await(2).flags()).isEqualTo("-");
    }

    @Test
    void anAbortHitsItsShareOfTheRequests() throws Exception {
        caller.forward(new Filter.Abort(503, null, Fraction.ofPercent(30), Match.ALWAYS, ORIGIN));
        int aborted = 0;
        try (Wire wire = caller.wire()) {
            for (int i = 0; i < 400; i++) {
                aborted += wire.send(Caller.request("GET", "/")).reply().status() == 503 ? 1 : 0;
            }
        }
        assertThat(aborted).isBetween(70, 170);
        assertThat(app.seen()).hasSize(400 - aborted);
    }

    @Test
    void anAbortOfAGrpcCallIsAGrpcStatus() throws Exception {
        caller.forward(new Filter.Abort(200, 8, Fraction.ALL, Match.ALWAYS, ORIGIN));
        assertThat(caller.get("/", "Content-Type: application/grpc").head())
                .contains("grpc-status: 8");
    }

    @Test
    void aRedirectSaysWhereTo() throws Exception {
        caller.action(
                new RouteAction.Redirect(
                        301, "https", "new.example", null, new PathRewrite.Full("/x")));
        Wire.Reply reply = caller.get("/a?q=1");
        assertThat(reply.status()).isEqualTo(301);
        assertThat(reply.head()).contains("location: https://new.example/x?q=1");
        caller.action(new RouteAction.Redirect(308, null, null, 8443, null));
        assertThat(caller.get("/a").head()).contains("location: http://server.ns:8443/a");
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void aDirectResponseNeedsNoApplication() throws Exception {
        caller.action(
                new RouteAction.DirectResponse(
                        418, "teapot", List.of(new HeaderOp.Set("x-made", "here"))));
        Wire.Reply reply = caller.get("/");
        assertThat(reply.status()).isEqualTo(418);
        assertThat(reply.body()).isEqualTo("teapot");
        assertThat(reply.head()).contains("x-made: here");
        Wire.Reply head = caller.send("HEAD", "/");
        assertThat(head.status()).isEqualTo(418);
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void rewritesChangeWhatTheApplicationSees() throws Exception {
        caller.forward(
                new Filter.Rewrite(
                        new PathRewrite.Prefix("/api", "/v2", true), "other.host", ORIGIN));
        caller.get("/api/items?x=1");
        TestApp.Seen seen = app.seen().getLast();
        assertThat(seen.uri()).isEqualTo("/v2/items?x=1");
        assertThat(seen.header("host")).isEqualTo("other.host");
        assertThat(seen.header("x-envoy-original-path")).isEqualTo("/api/items?x=1");
        caller.forward(
                new Filter.Rewrite(
                        new PathRewrite.Regex("^/user/([0-9]+)$", "/u/\\1/home"), null, ORIGIN));
        caller.get("/user/42?y=2");
        assertThat(app.seen().getLast().uri()).isEqualTo("/u/42/home?y=2");
    }

    @Test
    void headerOperationsSetAddAndRemoveInOrder() throws Exception {
        caller.forward(
                new Filter.Headers(
                        List.of(
                                new HeaderOp.Set("a", "1"),
                                new HeaderOp.Add("a", "2"),
                                new HeaderOp.Remove("b"),
                                new HeaderOp.Set(":path", "/forged"),
                                new HeaderOp.Set("host", "forged")),
                        List.of(new HeaderOp.Add("x", "y"), new HeaderOp.Remove("content-type")),
                        ORIGIN));
        Wire.Reply reply = caller.get("/p", "A: 0", "B: gone");
        TestApp.Seen seen = app.seen().getFirst();
        assertThat(
                        seen.headers().stream()
                                .filter(h -> h.getKey().equalsIgnoreCase("a"))
                                .map(java.util.Map.Entry::getValue))
                .containsExactly("1", "2");
        assertThat(seen.has("b")).isFalse();
        assertThat(seen.uri()).isEqualTo("/p");
        assertThat(seen.header("host")).isEqualTo("server.ns:8080");
        assertThat(reply.head()).contains("x: y");
    }

    @Test
    void theNextHopHearsHowLongTheCallerWaits() throws Exception {
        caller.routes(
                route(
                        Match.ALWAYS,
                        List.of(),
                        new Timeouts(Duration.ofSeconds(3), null),
                        null,
                        to(8080, "", 1)));
        caller.get("/");
        assertThat(app.seen().getLast().header("x-envoy-expected-rq-timeout-ms")).isEqualTo("3000");
        caller.get("/", "x-envoy-expected-rq-timeout-ms: 1200");
        assertThat(app.seen().getLast().header("x-envoy-expected-rq-timeout-ms")).isEqualTo("1200");
        caller.get("/", "x-envoy-expected-rq-timeout-ms: 9000");
        assertThat(app.seen().getLast().header("x-envoy-expected-rq-timeout-ms")).isEqualTo("3000");
        caller.get("/", "Content-Type: application/grpc", "grpc-timeout: 2S");
        assertThat(app.seen().getLast().header("grpc-timeout")).isEqualTo("2000m");
        caller.get("/", "Content-Type: application/grpc", "grpc-timeout: 20S");
        assertThat(app.seen().getLast().header("grpc-timeout")).isEqualTo("3000m");
    }

    @Test
    void theCallersDeadlineEndsARequestThatHasNoTimeoutOfItsOwn() throws Exception {
        int silent = silentServer();
        caller.endpoint("silent", silent, io.weft.model.Locality.UNKNOWN);
        try (Caller other = new Caller()) {
            other.endpoint("silent", silent, io.weft.model.Locality.UNKNOWN);
            other.forward();
            assertThat(other.get("/", "x-envoy-expected-rq-timeout-ms: 60").status())
                    .isEqualTo(504);
            assertThat(other.node.log().await(1).flags()).isEqualTo("UT");
            assertThat(other.get("/", "Content-Type: application/grpc", "grpc-timeout: 60m").head())
                    .contains("grpc-status: 4");
        }
    }

    @Test
    void anIdleTimeoutEndsAStreamThatStandsStill() throws Exception {
        try (Caller other = new Caller()) {
            other.endpoint("silent", silentServer(), io.weft.model.Locality.UNKNOWN);
            other.routes(
                    route(
                            Match.ALWAYS,
                            List.of(),
                            new Timeouts(null, Duration.ofMillis(60)),
                            null,
                            to(8080, "", 1)));
            assertThat(other.get("/").status()).isEqualTo(504);
            assertThat(other.node.log().await(1).flags()).isEqualTo("SI");
        }
    }

    /** A port that takes connections and never answers. */
    private int silentServer() throws Exception {
        java.net.ServerSocket socket =
                new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress());
        caller.mesh.closing(socket);
        return socket.getLocalPort();
    }

    @Test
    void aTunnelToAnUnknownHostCarriesBytesAsTheyAreAndIsNoRequest() throws Exception {
        try (java.net.ServerSocket socket =
                        new java.net.ServerSocket(
                                0, 50, java.net.InetAddress.getLoopbackAddress());
                Wire wire = caller.wire()) {
            caller.forward();
            String target = "127.0.0.1:" + socket.getLocalPort();
            caller.node.source().want(target);
            caller.with(new io.weft.model.resource.UnknownHost(target));
            caller.forward();
            wire.send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
            assertThat(wire.reply(true).status()).isEqualTo(200);
            wire.send("\u0001\u0002bytes");
            try (java.net.Socket accepted = socket.accept()) {
                assertThat(accepted.getInputStream().readNBytes(7))
                        .isEqualTo(new byte[] {1, 2, 'b', 'y', 't', 'e', 's'});
                accepted.getOutputStream().write("answer".getBytes());
                assertThat(wire.read(6)).isEqualTo("answer".getBytes());
            }
            assertThat(wire.isRefused()).isTrue();
        }
        var line = caller.node.log().await(1);
        assertThat(line.http()).isFalse();
        assertThat(line.cluster()).isEqualTo("PassthroughCluster");
        assertThat(caller.node.log().lines()).hasSize(1);
    }
}
