package io.weft.dataplane.extauthz;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.codec.ProtoWriter;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.listener.ExternalAuthorizer;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.WorkloadConfig;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExternalAuthorizationTest {

    private static final String GET = "GET %s HTTP/1.1\r\nHost: server.ns:8080\r\n%s\r\n";
    private static final String CLUSTER = "authz.ns.svc.cluster.local:9000";

    private final MeshPair mesh = new MeshPair();
    private TestApp app;
    private MeshPair.Node server;

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "hello")));
        server =
                mesh.start(
                        "server",
                        s ->
                                s.inbound(
                                                InboundBinding.of(
                                                        8080, "http", AppProtocol.HTTP, app.port()))
                                        .inbound(
                                                InboundBinding.of(
                                                        9090, "tcp", AppProtocol.TCP, app.port())));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    /** A provider as `extensionProviders` describes one; changed by the test. */
    private record Provider(
            boolean grpc,
            Duration timeout,
            boolean failOpen,
            int statusOnError,
            List<String> include,
            List<String> toUpstream,
            List<String> onDeny,
            List<String> onAllow,
            int body,
            boolean partial) {

        static final Provider HTTP =
                new Provider(
                        false,
                        Duration.ofSeconds(5),
                        false,
                        503,
                        List.of("x-user", "x-group-*"),
                        List.of("x-verified"),
                        List.of(),
                        List.of(),
                        0,
                        false);

        Provider grpcOne() {
            return new Provider(
                    true,
                    timeout,
                    failOpen,
                    503,
                    include,
                    toUpstream,
                    onDeny,
                    onAllow,
                    body,
                    partial);
        }

        Provider withTimeout(Duration time, boolean open) {
            return new Provider(
                    grpc, time, open, 503, include, toUpstream, onDeny, onAllow, body, partial);
        }

        Provider withBody(int bytes, boolean part) {
            return new Provider(
                    grpc,
                    timeout,
                    failOpen,
                    503,
                    include,
                    toUpstream,
                    onDeny,
                    onAllow,
                    bytes,
                    part);
        }

        Provider withAnswers(List<String> deny, List<String> allow) {
            return new Provider(
                    grpc, timeout, failOpen, 503, include, toUpstream, deny, allow, body, partial);
        }

        ExternalAuthorizer config() {
            return new ExternalAuthorizer(
                    "checker",
                    grpc,
                    CLUSTER,
                    timeout,
                    failOpen,
                    statusOnError,
                    "/check",
                    include,
                    Map.of("x-fixed", "yes"),
                    toUpstream,
                    onDeny,
                    onAllow,
                    body,
                    partial,
                    false,
                    false);
        }
    }

    private void publish(Provider provider, int port, @Nullable SpiffeId identity) {
        publish(provider, port, identity, Match.ALWAYS);
    }

    private void publish(Provider provider, int port, @Nullable SpiffeId identity, Match asksWhen) {
        AuthzProgram program =
                new AuthzProgram(
                        List.of(
                                new AuthzLayer(
                                        Dialect.ISTIO,
                                        List.of(
                                                new AuthzStep.External(
                                                        "checker", asksWhen, false, ORIGIN),
                                                new AuthzStep.Decide(
                                                        Effect.DENY,
                                                        new Match.Path(
                                                                new StringMatch.Exact("/never")),
                                                        false,
                                                        ORIGIN)),
                                        Effect.ALLOW,
                                        ORIGIN)));
        WorkloadConfig base =
                workload(
                        "server",
                        OutboundPolicy.ALLOW_ANY,
                        port(8080, AppProtocol.HTTP, MtlsMode.PERMISSIVE, program),
                        port(9090, AppProtocol.TCP, MtlsMode.PERMISSIVE, program));
        server.source()
                .publish(
                        set(
                                new WorkloadConfig(
                                        base.workload(),
                                        base.trustDomain(),
                                        base.trustDomainAliases(),
                                        base.pathNormalization(),
                                        base.outboundPolicy(),
                                        base.inbound(),
                                        base.undeclared(),
                                        base.servers(),
                                        base.gatewayJwt(),
                                        base.gatewayAuthz(),
                                        base.trustedProxies(),
                                        List.of(provider.config()),
                                        base.telemetry()),
                                cluster(provider.grpc),
                                new EndpointSet(
                                        CLUSTER,
                                        Resolution.STATIC,
                                        List.of(
                                                new Endpoint(
                                                        "authz-0",
                                                        "127.0.0.1",
                                                        port,
                                                        identity,
                                                        "ns",
                                                        "authz",
                                                        Map.of(),
                                                        Locality.UNKNOWN,
                                                        1)))));
    }

    private static Cluster cluster(boolean grpc) {
        return new Cluster(
                CLUSTER,
                "authz.ns.svc.cluster.local",
                9000,
                "",
                grpc ? AppProtocol.GRPC : AppProtocol.HTTP,
                Map.of(),
                List.of(CLUSTER),
                new LoadBalancing.RoundRobin(),
                LocalityPolicy.OFF,
                ConnectionLimits.DEFAULT,
                null,
                new UpstreamTls.Automatic(),
                ORIGIN);
    }

    private TestApp httpChecker(Function<TestApp.Seen, DefaultFullHttpResponse> behaviour) {
        return mesh.closing(TestApp.http1(mesh.apps, behaviour));
    }

    private TestApp grpcChecker(UnaryOperator<ProtoWriter> response) {
        return mesh.closing(TestApp.http2(mesh.apps, seen -> grpc(response)));
    }

    private static DefaultFullHttpResponse grpc(UnaryOperator<ProtoWriter> response) {
        byte[] message = response.apply(new ProtoWriter()).toBytes();
        ByteBuffer framed = ByteBuffer.allocate(5 + message.length);
        framed.put((byte) 0).putInt(message.length).put(message);
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.OK,
                        Unpooled.wrappedBuffer(framed.array()));
        answer.headers().set("content-type", "application/grpc");
        answer.trailingHeaders().set("grpc-status", "0");
        return answer;
    }

    private static ProtoWriter header(String name, String value) {
        return new ProtoWriter().message(1, new ProtoWriter().text(1, name).text(2, value));
    }

    private static DefaultFullHttpResponse with(
            DefaultFullHttpResponse answer, String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            answer.headers().add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return answer;
    }

    private Wire.Reply get(String path, String headers) throws Exception {
        return send(GET.formatted(path, headers));
    }

    private Wire.Reply send(String request) throws Exception {
        try (Wire wire = new Wire(server.plane().inboundPorts().get(8080))) {
            return wire.send(request).reply();
        }
    }

    @Test
    void anHttpProviderSeesWhatItShallSeeAndItsHeadersReachTheApplication() throws Exception {
        TestApp checker =
                httpChecker(seen ->
                        with(TestApp.text(200, ""), "x-verified", "alice", "x-other", "no"));
        publish(Provider.HTTP, checker.port(), null);
        Wire.Reply reply =
                get(
                        "/a?b=c",
                        "X-User: al\r\nX-Group-A: 1\r\nX-Secret: 2\r\nX-Verified: forged\r\n"
                                + "X-Fixed: forged\r\nAuthorization: Bearer t\r\n");
        assertThat(reply.status()).isEqualTo(200);
        TestApp.Seen check = checker.seen().getFirst();
        assertThat(check.uri()).isEqualTo("/check/a?b=c");
        assertThat(check.header("host")).isEqualTo("server.ns:8080");
        assertThat(check.header("x-user")).isEqualTo("al");
        assertThat(check.header("x-group-a")).isEqualTo("1");
        assertThat(check.header("authorization")).isEqualTo("Bearer t");
        assertThat(check.header("x-fixed")).isEqualTo("yes");
        assertThat(check.header("content-length")).isEqualTo("0");
        assertThat(check.has("x-secret")).isFalse();
        TestApp.Seen seen = app.seen().getFirst();
        assertThat(seen.header("x-verified")).isEqualTo("alice");
        assertThat(seen.has("x-other")).isFalse();
        assertThat(server.log().counts()).containsEntry("EXT_AUTHZ checker ok", 1);
    }

    @Test
    void theCallerGetsTheRefusalOfAnHttpProvider() throws Exception {
        TestApp checker =
                httpChecker(seen ->
                        with(
                                TestApp.text(401, "who are you?"),
                                "location",
                                "/login",
                                "x-why",
                                "a"));
        publish(Provider.HTTP, checker.port(), null);
        Wire.Reply all = get("/", "");
        assertThat(all.status()).isEqualTo(401);
        assertThat(all.body()).isEqualTo("who are you?");
        assertThat(all.head()).contains("location: /login").contains("x-why: a");
        RecordingLog.Line line = server.log().await(1);
        assertThat(line.flags()).isEqualTo("UAEX");
        assertThat(line.details()).isEqualTo("ext_authz_denied");
        assertThat(line.failure()).contains("checker").contains("401").contains("test.yaml:7");
        publish(Provider.HTTP.withAnswers(List.of("x-nothing"), List.of()), checker.port(), null);
        assertThat(get("/", "").head()).contains("location: /login").doesNotContain("x-why");
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void aConsentGoesOnToThePoliciesBehindIt() throws Exception {
        TestApp checker = httpChecker(seen -> with(TestApp.text(200, ""), "x-seen", "1"));
        publish(Provider.HTTP.withAnswers(List.of(), List.of("x-seen")), checker.port(), null);
        assertThat(get("/never", "").status()).isEqualTo(403);
        assertThat(server.log().await(1).details()).startsWith("rbac_access_denied");
        assertThat(get("/ok", "").head()).contains("x-seen: 1");
    }

    @Test
    void aProviderThatCannotBeAskedClosesOrOpensAsItIsConfigured() throws Exception {
        TestApp broken = httpChecker(seen -> TestApp.text(500, ""));
        publish(Provider.HTTP, broken.port(), null);
        assertThat(get("/", "").status()).isEqualTo(503);
        assertThat(server.log().await(1).details()).isEqualTo("ext_authz_error");
        assertThat(server.log().lines().getFirst().failure()).contains("answered with 500");
        TestApp closed = httpChecker(seen -> TestApp.text(200, ""));
        int nobody = closed.port();
        closed.close();
        publish(Provider.HTTP, nobody, null);
        assertThat(get("/", "").status()).isEqualTo(503);
        assertThat(server.log().await(2).failure()).contains("cannot connect");
        assertThat(app.seen()).isEmpty();
        publish(Provider.HTTP.withTimeout(Duration.ofSeconds(5), true), nobody, null);
        assertThat(get("/", "").status()).isEqualTo(200);
        assertThat(server.log().counts())
                .containsEntry("EXT_AUTHZ checker error", 2)
                .containsEntry("EXT_AUTHZ checker failure_mode_allowed", 1);
    }

    @Test
    void aProviderThatIsNotConfiguredDenies() throws Exception {
        AuthzProgram program =
                new AuthzProgram(
                        List.of(
                                new AuthzLayer(
                                        Dialect.ISTIO,
                                        List.of(
                                                new AuthzStep.External(
                                                        "nobody", Match.ALWAYS, false, ORIGIN)),
                                        Effect.ALLOW,
                                        ORIGIN)));
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        port(
                                                8080,
                                                AppProtocol.HTTP,
                                                MtlsMode.PERMISSIVE,
                                                program))));
        assertThat(get("/", "").status()).isEqualTo(403);
        assertThat(server.log().await(1).failure()).contains("no such provider");
    }

    @Test
    void aSlowProviderIsWaitedForOnlyAsLongAsItsTimeout() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        TestApp checker =
                mesh.closing(
                        TestApp.http1(
                                mesh.closing(new OwnLoop()).group,
                                seen -> {
                                    await(late);
                                    return TestApp.text(200, "");
                                }));
        publish(Provider.HTTP.withTimeout(Duration.ofMillis(50), false), checker.port(), null);
        assertThat(get("/", "").status()).isEqualTo(503);
        assertThat(server.log().await(1).failure()).contains("no answer within 50 ms");
        late.countDown();
    }

    @Test
    void aCallerThatGoesAwayEndsTheCheck() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        TestApp checker =
                mesh.closing(
                        TestApp.http1(
                                mesh.closing(new OwnLoop()).group,
                                seen -> {
                                    await(late);
                                    return TestApp.text(200, "");
                                }));
        publish(Provider.HTTP, checker.port(), null);
        try (Wire wire = new Wire(server.plane().inboundPorts().get(8080))) {
            wire.send(GET.formatted("/", ""));
            Await.until("the check has come", () -> !checker.seen().isEmpty());
        }
        assertThat(server.log().await(1).flags()).isEqualTo("DC");
        late.countDown();
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void theBodyIsCheckedUpToItsBoundAndForwardedWhole() throws Exception {
        TestApp checker = httpChecker(seen -> TestApp.text(200, ""));
        publish(Provider.HTTP.withBody(8, false), checker.port(), null);
        String post = "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: %d\r\n\r\n%s";
        assertThat(send(post.formatted(8, "12345678")).status()).isEqualTo(200);
        assertThat(checker.seen().getFirst().body()).isEqualTo("12345678");
        assertThat(checker.seen().getFirst().header("x-envoy-auth-partial-body"))
                .isEqualTo("false");
        assertThat(app.seen().getFirst().body()).isEqualTo("12345678");
        assertThat(send(post.formatted(9, "123456789")).status()).isEqualTo(413);
        publish(Provider.HTTP.withBody(8, true), checker.port(), null);
        assertThat(send(post.formatted(9, "123456789")).status()).isEqualTo(200);
        assertThat(checker.seen().getLast().body()).isEqualTo("12345678");
        assertThat(checker.seen().getLast().header("x-envoy-auth-partial-body")).isEqualTo("true");
        assertThat(app.seen().getLast().body()).isEqualTo("123456789");
    }

    @Test
    void aBodyLargerThanTheReplayBufferCanBeChecked() throws Exception {
        TestApp checker = httpChecker(seen -> TestApp.text(200, ""));
        publish(Provider.HTTP.withBody(4 << 20, false), checker.port(), null);
        String body = "x".repeat(2 << 20);
        try (Wire wire = new Wire(server.plane().inboundPorts().get(8080))) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nExpect: 100-continue\r\n"
                            + "Content-Length: "
                            + body.length()
                            + "\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(100);
            assertThat(wire.send(body).reply().status()).isEqualTo(200);
        }
        assertThat(checker.seen().getFirst().body()).hasSize(body.length());
        assertThat(app.seen().getFirst().body()).hasSize(body.length());
    }

    @Test
    void aGrpcProviderChangesTheRequestAndTheAnswer() throws Exception {
        TestApp checker =
                grpcChecker(response ->
                        response.message(1, new ProtoWriter())
                                .message(
                                        3,
                                        new ProtoWriter()
                                                .message(2, header("x-verified", "bob"))
                                                .message(2, header("content-length", "7"))
                                                .text(5, "x-secret")
                                                .message(6, header("x-answered", "yes"))
                                                .message(
                                                        7,
                                                        new ProtoWriter()
                                                                .text(1, "q")
                                                                .text(2, "a b"))
                                                .text(8, "drop")));
        publish(Provider.HTTP.grpcOne(), checker.port(), null);
        Wire.Reply reply = get("/a?drop=1&keep=2", "X-Secret: s\r\nX-Verified: forged\r\n");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.head()).contains("x-answered: yes");
        TestApp.Seen check = checker.seen().getFirst();
        assertThat(check.uri()).isEqualTo("/envoy.service.auth.v3.Authorization/Check");
        assertThat(check.body())
                .contains("/a?drop=1&keep=2")
                .contains("x-secret")
                .contains(":path");
        TestApp.Seen seen = app.seen().getFirst();
        assertThat(seen.header("x-verified")).isEqualTo("bob");
        assertThat(seen.has("x-secret")).isFalse();
        assertThat(seen.header("content-length")).isNotEqualTo("7");
        assertThat(seen.uri()).isEqualTo("/a?keep=2&q=a+b");
    }

    @Test
    void aGrpcProviderRefusesInItsOwnWordsAndCannotForgeHeaderLines() throws Exception {
        TestApp checker =
                grpcChecker(response ->
                        response.message(1, new ProtoWriter().number(1, 7))
                                .message(
                                        2,
                                        new ProtoWriter()
                                                .message(1, new ProtoWriter().number(1, 402))
                                                .message(2, header("x-price", "1"))
                                                .text(3, "pay")));
        publish(Provider.HTTP.grpcOne(), checker.port(), null);
        Wire.Reply reply = get("/", "");
        assertThat(reply.status()).isEqualTo(402);
        assertThat(reply.body()).isEqualTo("pay");
        assertThat(reply.head()).contains("x-price: 1");
        checker.behave(seen ->
                grpc(response ->
                        response.message(
                                3, new ProtoWriter().message(2, header("a", "b\r\nx-evil: 1")))));
        assertThat(get("/", "").status()).isEqualTo(503);
        assertThat(server.log().await(2).failure()).contains("ill-formed header");
        checker.behave(seen -> TestApp.text(200, "not gRPC"));
        assertThat(get("/", "").status()).isEqualTo(503);
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void aConnectionIsCheckedByGrpcAndHeldUntilThen() throws Exception {
        TestApp checker = grpcChecker(response -> response);
        publish(Provider.HTTP.grpcOne(), checker.port(), null);
        try (Wire wire = new Wire(server.plane().inboundPorts().get(9090))) {
            assertThat(wire.send(GET.formatted("/tcp", "")).reply().body()).isEqualTo("hello");
        }
        checker.behave(
                seen -> grpc(response -> response.message(1, new ProtoWriter().number(1, 7))));
        try (Wire wire = new Wire(server.plane().inboundPorts().get(9090))) {
            assertThat(wire.send(GET.formatted("/", "")).isRefused()).isTrue();
        }
        assertThat(server.log().await(2).flags()).isEqualTo("UAEX");
        publish(Provider.HTTP, checker.port(), null);
        try (Wire wire = new Wire(server.plane().inboundPorts().get(9090))) {
            assertThat(wire.send(GET.formatted("/", "")).isRefused()).isTrue();
        }
        assertThat(server.log().await(3).failure()).contains("HTTP provider");
        assertThat(app.seen()).hasSize(1);
    }

    @Test
    void aProviderOfTheMeshIsAskedOverMutualTls() throws Exception {
        TestApp checker = httpChecker(seen -> TestApp.text(200, ""));
        MeshPair.Node authz =
                mesh.start(
                        "authz",
                        s ->
                                s.inbound(
                                        InboundBinding.of(
                                                9000, "http", AppProtocol.HTTP, checker.port())));
        authz.source()
                .publish(
                        set(
                                workload(
                                        "authz",
                                        OutboundPolicy.ALLOW_ANY,
                                        Resources.port(
                                                9000,
                                                AppProtocol.HTTP,
                                                MtlsMode.STRICT,
                                                AuthzProgram.ALLOW_ALL))));
        publish(Provider.HTTP, authz.plane().inboundPorts().get(9000), mesh.id("authz"));
        assertThat(get("/", "").status()).isEqualTo(200);
        assertThat(checker.seen().getFirst().header("x-forwarded-client-cert"))
                .contains("URI=" + mesh.id("server").uri());
        assertThat(authz.log().await(1).peer()).isEqualTo(mesh.id("server").uri());
    }

    @Test
    void whatIsNotAskedAboutNeverWaits() throws Exception {
        publish(Provider.HTTP, 1, null, new Match.Path(new StringMatch.Prefix("/admin")));
        assertThat(get("/", "").status()).isEqualTo(200);
        assertThat(get("/admin", "").status()).isEqualTo(503);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A loop that a test may block. */
    private static final class OwnLoop implements AutoCloseable {
        private final io.netty.channel.EventLoopGroup group =
                new io.netty.channel.MultiThreadIoEventLoopGroup(
                        1, io.netty.channel.nio.NioIoHandler.newFactory());

        @Override
        public void close() {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
