package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.MeshRequest;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.Http2Client;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.engine.MeshClock;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.route.Filter;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProtocolsThroughTheMeshTest {

    private final MeshPair mesh = new MeshPair();

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    /** A server sidecar before that application port, and a client sidecar that can reach it. */
    private record Pair(MeshPair.Node server, MeshPair.Node client) {}

    private Pair pair(
            AppProtocol protocol,
            int appPort,
            AuthzProgram authz,
            FilterLane lane,
            Filter... filters) {
        MeshPair.Node server =
                mesh.start(
                        "server", s -> s.inbound(InboundBinding.of(8080, "p", protocol, appPort)));
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        port(8080, protocol, MtlsMode.STRICT, authz))));
        MeshPair.Node client =
                mesh.start(
                        "client",
                        mesh.authority.tls(mesh.id("client")),
                        MeshClock.system(),
                        lane,
                        s -> s.upstream(new UpstreamBinding("server.ns:8080", 0)));
        client.source()
                .publish(
                        set(
                                workload("client", OutboundPolicy.ALLOW_ANY),
                                protocol.mayBeHttp()
                                        ? table(
                                                "server.ns:8080",
                                                protocol,
                                                route(
                                                        Match.ALWAYS,
                                                        List.of(filters),
                                                        Timeouts.NONE,
                                                        null,
                                                        to(8080, "", 1)))
                                        : Resources.tcp("server.ns:8080", protocol, 8080),
                                cluster(8080, protocol),
                                endpoints(
                                        8080,
                                        endpoint(
                                                "server-0",
                                                server.plane().inboundPorts().get(8080),
                                                mesh.id("server"),
                                                Map.of()))));
        return new Pair(server, client);
    }

    private static DefaultFullHttpResponse grpc(TestApp.Seen seen) {
        DefaultFullHttpResponse answer = TestApp.text(200, "reply to " + seen.body());
        answer.headers().remove("content-length").set("content-type", "application/grpc");
        answer.trailingHeaders().set("grpc-status", "0").set("x-end", "yes");
        return answer;
    }

    @Test
    void carriesGrpcWithTrailersAndItsDeadline() throws Exception {
        TestApp app = mesh.closing(TestApp.http2(mesh.apps, ProtocolsThroughTheMeshTest::grpc));
        Pair pair = pair(AppProtocol.GRPC, app.port(), AuthzProgram.ALLOW_ALL, null);
        try (Http2Client http2 =
                new Http2Client(
                        mesh.apps, pair.client.plane().upstreamPorts().get("server.ns:8080"))) {
            Http2Client.Reply reply =
                    http2.send(
                                    "POST",
                                    "server.ns:8080",
                                    "/pkg.Service/Method",
                                    "msg",
                                    "content-type",
                                    "application/grpc",
                                    "te",
                                    "trailers",
                                    "grpc-timeout",
                                    "5S")
                            .get(10, TimeUnit.SECONDS);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo("reply to msg");
            assertThat(reply.trailer("grpc-status")).isEqualTo("0");
            assertThat(reply.trailer("x-end")).isEqualTo("yes");
        }
        TestApp.Seen seen = app.seen().getFirst();
        assertThat(seen.header("grpc-timeout")).isNotEmpty();
        assertThat(seen.header("x-envoy-expected-rq-timeout-ms")).isEqualTo("5000");
        assertThat(seen.header("te")).isEqualTo("trailers");
        assertThat(pair.server.log().await(1).grpcStatus()).isZero();
    }

    @Test
    void answersAnHttp1CallerOfAnHttp2ApplicationOnAConnectionThatStaysOpen() throws Exception {
        TestApp app =
                mesh.closing(
                        TestApp.http2(
                                mesh.apps,
                                seen -> {
                                    DefaultFullHttpResponse answer = TestApp.text(200, seen.uri());
                                    answer.headers().remove("content-length");
                                    return answer;
                                }));
        Pair pair = pair(AppProtocol.GRPC, app.port(), AuthzProgram.ALLOW_ALL, null);
        int port = pair.client.plane().upstreamPorts().get("server.ns:8080");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            for (String path : List.of("/first", "/second")) {
                String request = "GET " + path + " HTTP/1.1\r\nhost: server.ns:8080\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                StringBuilder answer = new StringBuilder();
                while (!answer.toString().endsWith("\r\n0\r\n\r\n")) {
                    int next = socket.getInputStream().read();
                    assertThat(next).as("after %s", answer).isNotNegative();
                    answer.append((char) next);
                }
                assertThat(answer.toString()).startsWith("HTTP/1.1 200").contains(path);
            }
        }
    }

    @Test
    void tellsAGrpcCallerOfADenialInTrailersOnly() throws Exception {
        TestApp app = mesh.closing(TestApp.http2(mesh.apps, ProtocolsThroughTheMeshTest::grpc));
        AuthzProgram deny =
                new AuthzProgram(
                        List.of(
                                new AuthzLayer(
                                        Dialect.ISTIO, List.of(), Effect.DENY, Resources.ORIGIN)));
        Pair pair = pair(AppProtocol.GRPC, app.port(), deny, null);
        try (Http2Client http2 = new Http2Client(mesh.apps, pair.client.plane().outboundPort())) {
            Http2Client.Reply reply =
                    http2.send(
                                    "POST",
                                    "server.ns:8080",
                                    "/S/M",
                                    "m",
                                    "content-type",
                                    "application/grpc")
                            .get(10, TimeUnit.SECONDS);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.head().get("grpc-status").toString()).isEqualTo("7");
            assertThat(reply.head().get("grpc-message").toString()).contains("RBAC: access denied");
        }
        assertThat(app.seen()).isEmpty();
    }

    @Test
    void multiplexesManyStreamsOverOneConnection() throws Exception {
        TestApp app = mesh.closing(TestApp.http2(mesh.apps, seen -> TestApp.text(200, seen.uri())));
        Pair pair = pair(AppProtocol.HTTP2, app.port(), AuthzProgram.ALLOW_ALL, null);
        try (Http2Client http2 = new Http2Client(mesh.apps, pair.client.plane().outboundPort())) {
            List<CompletableFuture<Http2Client.Reply>> replies =
                    java.util.stream.IntStream.range(0, 60)
                            .mapToObj(i -> http2.send("GET", "server.ns:8080", "/" + i, ""))
                            .toList();
            for (int i = 0; i < replies.size(); i++) {
                assertThat(replies.get(i).get(10, TimeUnit.SECONDS).body()).isEqualTo("/" + i);
            }
        }
        Await.until("one mesh connection", () -> pair.server.plane().view().connections() == 1);
    }

    @Test
    void headersThatAnHttp2ApplicationDoesNotTakeFailOnceAndNotOnEverMoreConnections()
            throws Exception {
        TestApp app = mesh.closing(TestApp.http2(mesh.apps, seen -> TestApp.text(200, seen.uri())));
        Pair pair = pair(AppProtocol.HTTP2, app.port(), AuthzProgram.ALLOW_ALL, null);
        try (Http2Client http2 = new Http2Client(mesh.apps, pair.client.plane().outboundPort())) {
            for (int i = 0; i < 2; i++) {
                assertThat(
                                http2.send("GET", "server.ns:8080", "/", "")
                                        .get(10, TimeUnit.SECONDS)
                                        .status())
                        .isEqualTo(200);
            }
            // The application's SETTINGS allow 8 KiB of headers.
            Http2Client.Reply refused =
                    http2.send("GET", "server.ns:8080", "/", "", "x-large", "x".repeat(9000))
                            .get(10, TimeUnit.SECONDS);
            assertThat(refused.status()).as("protocol error of the upstream").isEqualTo(502);
            assertThat(
                            http2.send("GET", "server.ns:8080", "/after", "")
                                    .get(10, TimeUnit.SECONDS)
                                    .status())
                    .isEqualTo(200);
        }
        assertThat(app.connections()).isLessThanOrEqualTo(2);
    }

    @Test
    void translatesHttp2ToHttp1ForAnApplicationThatSpeaksOnlyThat() throws Exception {
        TestApp app =
                mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, seen.body())));
        Pair pair = pair(AppProtocol.HTTP, app.port(), AuthzProgram.ALLOW_ALL, null);
        try (Http2Client http2 = new Http2Client(mesh.apps, pair.client.plane().outboundPort())) {
            Http2Client.Reply reply =
                    http2.send("POST", "server.ns:8080", "/", "body").get(10, TimeUnit.SECONDS);
            assertThat(reply.body()).isEqualTo("body");
        }
        assertThat(app.seen().getFirst().has("x-http2-scheme")).isFalse();
    }

    @Test
    void streamsABigBodyBothWaysWithBoundedMemory() throws Exception {
        int size = 64 << 20;
        try (EchoServer echo = new EchoServer(EchoServer::httpEcho)) {
            Pair pair = pair(AppProtocol.HTTP, echo.port(), AuthzProgram.ALLOW_ALL, null);
            try (Socket socket = new Socket("127.0.0.1", pair.client.plane().outboundPort())) {
                socket.setSoTimeout(20_000);
                OutputStream out = socket.getOutputStream();
                out.write(
                        ("POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: "
                                        + size
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                Thread writer =
                        Thread.ofVirtual()
                                .start(() -> {
                                    byte[] block = new byte[1 << 16];
                                    try {
                                        for (int sent = 0; sent < size; sent += block.length) {
                                            out.write(block);
                                        }
                                    } catch (IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
                // Nobody reads for a while: the proxies must not swallow what they cannot pass on.
                Await.until("the writer is stopped", () -> echo.stalled());
                assertThat(echo.received()).isLessThan(size / 2);
                InputStream in = socket.getInputStream();
                byte[] head = new byte[1];
                StringBuilder text = new StringBuilder();
                while (text.indexOf("\r\n\r\n") < 0) {
                    in.readNBytes(head, 0, 1);
                    text.append((char) head[0]);
                }
                assertThat(text).contains("200 OK");
                long left = size;
                byte[] block = new byte[1 << 16];
                while (left > 0) {
                    int n = in.read(block, 0, (int) Math.min(block.length, left));
                    assertThat(n).isPositive();
                    left -= n;
                }
                writer.join();
            }
        }
    }

    @Test
    void tunnelsAWebSocketThroughBothSidecars() throws Exception {
        try (EchoServer echo = new EchoServer(EchoServer::webSocketEcho)) {
            Pair pair = pair(AppProtocol.HTTP, echo.port(), AuthzProgram.ALLOW_ALL, null);
            try (Wire wire = new Wire(pair.client.plane().outboundPort())) {
                wire.send(
                        "GET /ws HTTP/1.1\r\n"
                                + "Host: server.ns:8080\r\n"
                                + "Connection: keep-alive, Upgrade\r\n"
                                + "Upgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                Wire.Reply reply = wire.reply(true);
                assertThat(reply.status()).isEqualTo(101);
                assertThat(reply.head().toLowerCase(java.util.Locale.ROOT))
                        .contains("upgrade: websocket");
                wire.send("\u0081\u0003abc");
                assertThat(new String(wire.read(5), StandardCharsets.ISO_8859_1))
                        .isEqualTo("\u0081\u0003abc");
            }
        }
    }

    @Test
    void carriesOpaqueBytesWithHalfClose() throws Exception {
        try (EchoServer echo = new EchoServer(EchoServer::reverseAtEnd)) {
            Pair pair = pair(AppProtocol.TCP, echo.port(), AuthzProgram.ALLOW_ALL, null);
            int bound = pair.client.plane().upstreamPorts().get("server.ns:8080");
            try (Wire wire = new Wire(bound)) {
                wire.send("abcdef");
                wire.endOutput();
                assertThat(wire.readAll()).isEqualTo("fedcba");
            }
            assertThat(pair.server.log().await(1).peer()).isEqualTo(mesh.id("client").uri());
            try (Wire wire = new Wire(pair.client.plane().outboundPort())) {
                wire.send("CONNECT server.ns:8080 HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n");
                assertThat(wire.reply(true).status()).isEqualTo(200);
                wire.send("xyz");
                wire.endOutput();
                assertThat(wire.readAll()).isEqualTo("zyx");
            }
        }
    }

    @Test
    void endsAnOpenConnectionWhenItsCallerIsDeniedFromNowOn() throws Exception {
        try (EchoServer echo = new EchoServer(EchoServer::reverseAtEnd)) {
            Pair pair = pair(AppProtocol.TCP, echo.port(), AuthzProgram.ALLOW_ALL, null);
            try (Wire wire = new Wire(pair.client.plane().upstreamPorts().get("server.ns:8080"))) {
                wire.send("abc");
                Await.until("accepted", () -> pair.server.plane().view().connections() == 1);
                Await.until("echo has it", () -> echo.received() == 3);
                AuthzProgram deny =
                        new AuthzProgram(
                                List.of(
                                        new AuthzLayer(
                                                Dialect.ISTIO,
                                                List.of(
                                                        new AuthzStep.Decide(
                                                                Effect.DENY,
                                                                new Match.PeerPrincipal(
                                                                        new StringMatch.Suffix(
                                                                                "/sa/client")),
                                                                false,
                                                                Resources.ORIGIN)),
                                                Effect.ALLOW,
                                                Resources.ORIGIN)));
                pair.server
                        .source()
                        .publish(
                                set(
                                        workload(
                                                "server",
                                                OutboundPolicy.ALLOW_ANY,
                                                port(
                                                        8080,
                                                        AppProtocol.TCP,
                                                        MtlsMode.STRICT,
                                                        deny))));
                assertThat(wire.isRefused()).isTrue();
            }
            try (Wire wire = new Wire(pair.client.plane().upstreamPorts().get("server.ns:8080"))) {
                assertThat(wire.isRefused()).isTrue();
            }
        }
    }

    @Test
    void handsRoutesWithGatewayFiltersToTheLaneAndOnlyThose() throws Exception {
        TestApp app =
                mesh.closing(
                        TestApp.http1(
                                mesh.apps,
                                seen -> TestApp.text(200, seen.body() + seen.header("x-lane"))));
        FilterLane lane =
                exchange -> {
                    exchange.head()
                            .headers()
                            .set("x-lane", exchange.filters().getFirst().args().get("v"));
                    return exchange.dispatch(exchange.permit(), exchange.head(), exchange.body())
                            .thenApply(answer -> {
                                answer.head().headers().set("x-back", "lane");
                                return answer;
                            });
                };
        Pair pair =
                pair(
                        AppProtocol.HTTP,
                        app.port(),
                        AuthzProgram.ALLOW_ALL,
                        lane,
                        new Filter.Gateway("AddRequestHeader", Map.of("v", "!"), Resources.ORIGIN));
        try (Wire wire = new Wire(pair.client.plane().outboundPort())) {
            for (int i = 0; i < 3; i++) {
                wire.send(
                        "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 4\r\n\r\nbody");
                Wire.Reply reply = wire.reply();
                assertThat(reply.body()).isEqualTo("body!");
                assertThat(reply.head()).contains("x-back: lane");
            }
        }
    }

    @Test
    void sendsTheOwnProcesssRequestsIntoTheMesh() throws Exception {
        TestApp app =
                mesh.closing(
                        TestApp.http1(
                                mesh.apps, seen -> TestApp.text(200, seen.method() + seen.body())));
        Pair pair = pair(AppProtocol.HTTP, app.port(), AuthzProgram.ALLOW_ALL, null);
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/x");
        MeshResponse answer =
                pair.client
                        .plane()
                        .client()
                        .send(new MeshRequest("server.ns:8080", head, last()))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
        assertThat(answer.head().status().code()).isEqualTo(200);
        assertThat(text(answer.body()).get(10, TimeUnit.SECONDS)).isEqualTo("GET");
        assertThat(pair.server.log().await(1).peer()).isEqualTo(mesh.id("client").uri());
    }

    private static Flow.Publisher<HttpContent> last() {
        return subscriber ->
                subscriber.onSubscribe(
                        new Flow.Subscription() {
                            private boolean done;

                            @Override
                            public void request(long n) {
                                if (!done) {
                                    done = true;
                                    subscriber.onNext(LastHttpContent.EMPTY_LAST_CONTENT);
                                    subscriber.onComplete();
                                }
                            }

                            @Override
                            public void cancel() {
                                done = true;
                            }
                        });
    }

    private static CompletableFuture<String> text(Flow.Publisher<HttpContent> body) {
        CompletableFuture<String> text = new CompletableFuture<>();
        StringBuilder all = new StringBuilder();
        body.subscribe(
                new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(Long.MAX_VALUE);
                    }

                    @Override
                    public void onNext(HttpContent part) {
                        all.append(part.content().toString(StandardCharsets.UTF_8));
                        part.release();
                    }

                    @Override
                    public void onError(Throwable cause) {
                        text.completeExceptionally(cause);
                    }

                    @Override
                    public void onComplete() {
                        text.complete(all.toString());
                    }
                });
        return text;
    }

    /** A server on plain sockets, one virtual thread a connection. */
    private static final class EchoServer implements AutoCloseable {
        private final ServerSocket socket =
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private volatile long received;
        private volatile long movedAt = System.nanoTime();

        interface Protocol {
            void serve(EchoServer server, Socket connection) throws IOException;
        }

        EchoServer(Protocol protocol) throws IOException {
            Thread.ofVirtual()
                    .start(() -> {
                        while (!socket.isClosed()) {
                            try {
                                Socket accepted = socket.accept();
                                Thread.ofVirtual().start(() -> run(protocol, accepted));
                            } catch (IOException e) {
                                return;
                            }
                        }
                    });
        }

        private void run(Protocol protocol, Socket accepted) {
            try (accepted) {
                protocol.serve(this, accepted);
            } catch (IOException e) {
                // The other end went away.
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        long received() {
            return received;
        }

        boolean stalled() {
            return received > 0 && System.nanoTime() - movedAt > Duration.ofMillis(300).toNanos();
        }

        private static String head(InputStream in) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int c = in.read();
                if (c < 0) {
                    throw new IOException("closed");
                }
                head.append((char) c);
            }
            return head.toString();
        }

        static void httpEcho(EchoServer server, Socket connection) throws IOException {
            InputStream in = connection.getInputStream();
            String head = head(in).toLowerCase(java.util.Locale.ROOT);
            int at = head.indexOf("content-length: ") + 16;
            long left = Long.parseLong(head.substring(at, head.indexOf("\r\n", at)));
            OutputStream out = connection.getOutputStream();
            out.write(
                    ("HTTP/1.1 200 OK\r\nContent-Length: " + left + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[1 << 14];
            while (left > 0) {
                int n = in.read(block);
                if (n < 0) {
                    return;
                }
                left -= n;
                server.received += n;
                server.movedAt = System.nanoTime();
                out.write(block, 0, n);
            }
        }

        static void webSocketEcho(EchoServer server, Socket connection) throws IOException {
            InputStream in = connection.getInputStream();
            String head = head(in);
            OutputStream out = connection.getOutputStream();
            if (!head.toLowerCase(java.util.Locale.ROOT).contains("upgrade: websocket")) {
                out.write(
                        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            out.write(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            in.transferTo(out);
        }

        static void reverseAtEnd(EchoServer server, Socket connection) throws IOException {
            StringBuilder all = new StringBuilder();
            int c;
            while ((c = connection.getInputStream().read()) >= 0) {
                all.append((char) c);
                server.received++;
            }
            connection
                    .getOutputStream()
                    .write(all.reverse().toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
