package io.weft.dataplane;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.tcp;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RawEcho;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.GatewayServer.Protocol;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Filter;
import io.weft.model.route.PathRewrite;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is open at a gateway when its policy changes. */
@Timeout(60)
class OpenAtTheGatewayTest {

    private static final Duration LIMIT = Duration.ofMillis(250);

    private final MeshPair mesh = new MeshPair();
    private final AtomicInteger passed = new AtomicInteger();
    private MeshPair.Node gateway;

    @BeforeEach
    void start() {
        gateway =
                mesh.start(
                        "gateway",
                        s ->
                                s.gatewayPort(new GatewayBinding(80, 0))
                                        .gatewayPort(new GatewayBinding(9000, 0))
                                        .outboundPort(-1));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    /** Denies everything but a path. */
    private static AuthzProgram only(String path) {
        return new AuthzProgram(
                List.of(
                        new AuthzLayer(
                                Dialect.ISTIO,
                                List.of(
                                        new AuthzStep.Decide(
                                                Effect.ALLOW,
                                                new Match.Path(new StringMatch.Prefix(path)),
                                                false,
                                                ORIGIN)),
                                Effect.DENY,
                                ORIGIN)));
    }

    /** When this returns the configuration is acknowledged: the sink has taken it. */
    private void serve(int appPort, AuthzProgram authz) {
        WorkloadConfig base = workload("gateway", OutboundPolicy.ALLOW_ANY);
        gateway.source()
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
                                        List.of(
                                                server("http", 80, Protocol.HTTP),
                                                server("tcp", 9000, Protocol.TCP)),
                                        base.gatewayJwt(),
                                        authz,
                                        base.trustedProxies(),
                                        base.externalAuthorizers(),
                                        base.telemetry()),
                                table(
                                        "gateway:80",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(
                                                        new Filter.Rewrite(
                                                                new PathRewrite.Full("/inside"),
                                                                null,
                                                                ORIGIN)),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                tcp("gateway:9000", AppProtocol.TCP, 8080),
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(8080, endpoint("s", appPort, null, Map.of()))));
    }

    private static GatewayServer server(String name, int port, Protocol protocol) {
        return new GatewayServer(
                name, port, protocol, List.of("*"), null, false, "gateway:" + port, ORIGIN);
    }

    private Socket connect(int port) throws IOException {
        Socket socket =
                new Socket(
                        InetAddress.getLoopbackAddress(), gateway.plane().gatewayPorts().get(port));
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private void assertNothingPassesAfter(Socket socket, Runnable change) throws Exception {
        OutputStream out = socket.getOutputStream();
        change.run();
        long acknowledged = System.nanoTime();
        while (System.nanoTime() - acknowledged < LIMIT.toNanos()) {
            Thread.onSpinWait();
        }
        try {
            for (int i = 0; i < 20; i++) {
                out.write(new byte[] {'X', 'X', 'X'});
                out.flush();
            }
        } catch (IOException expected) {
            assertThat(expected).hasMessageMatching("(?i).*(reset|pipe|closed|abort).*");
        }
        assertThat(new Wire(socket).isRefused()).as("the connection has ended").isTrue();
        assertThat(passed).as("bytes that the application saw after the change").hasValue(0);
    }

    private Wire stream(Socket socket) throws IOException {
        Wire wire = new Wire(socket);
        wire.send(
                "POST /api/upload HTTP/1.1\r\nHost: blog.example.com\r\n"
                        + "Content-Length: 1000000\r\n\r\n");
        assertThat(wire.reply(true).status()).isEqualTo(200);
        return wire;
    }

    private static final String STREAMS = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

    @Test
    void aStreamedRequestEndsWithinTheLimitWhenItIsNowDenied() throws Exception {
        try (RawEcho echo = new RawEcho(STREAMS, passed)) {
            serve(echo.port(), only("/api"));
            try (Socket socket = connect(80)) {
                stream(socket);
                assertNothingPassesAfter(socket, () -> serve(echo.port(), only("/admin")));
            }
        }
    }

    @Test
    void aRequestIsDecidedOnAsItCameAndNotAsItsRouteHasRewrittenIt() throws Exception {
        try (RawEcho echo = new RawEcho(STREAMS, passed)) {
            serve(echo.port(), only("/api"));
            try (Socket socket = connect(80)) {
                Wire wire = stream(socket);
                serve(echo.port(), only("/api/upload"));
                for (int i = 0; i < 5; i++) {
                    wire.send("a");
                    assertThat(wire.read(1)).containsExactly('a');
                }
                assertNothingPassesAfter(socket, () -> serve(echo.port(), only("/inside")));
            }
        }
    }

    @Test
    void aWebSocketEndsWithinTheLimitWhenItIsNowDenied() throws Exception {
        String switching =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n\r\n";
        try (RawEcho echo = new RawEcho(switching, passed)) {
            serve(echo.port(), only("/api"));
            try (Socket socket = connect(80)) {
                Wire wire = new Wire(socket);
                wire.send(
                        "GET /api/ws HTTP/1.1\r\nHost: blog.example.com\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                assertThat(wire.reply(true).status()).isEqualTo(101);
                wire.send("a");
                assertThat(wire.read(1)).containsExactly('a');
                assertNothingPassesAfter(socket, () -> serve(echo.port(), only("/admin")));
            }
        }
    }

    @Test
    void aTcpConnectionEndsWithinTheLimitWhenItIsNowDenied() throws Exception {
        try (RawEcho echo = new RawEcho("", passed)) {
            serve(echo.port(), AuthzProgram.ALLOW_ALL);
            try (Socket socket = connect(9000)) {
                socket.getOutputStream().write('a');
                assertThat(socket.getInputStream().read()).isEqualTo('a');
                assertNothingPassesAfter(
                        socket,
                        () ->
                                serve(
                                        echo.port(),
                                        new AuthzProgram(
                                                List.of(
                                                        new AuthzLayer(
                                                                Dialect.ISTIO,
                                                                List.of(),
                                                                Effect.DENY,
                                                                ORIGIN)))));
            }
        }
    }
}
