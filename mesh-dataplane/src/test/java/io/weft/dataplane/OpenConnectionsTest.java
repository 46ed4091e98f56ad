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

import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.RawEcho;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.Wire;
import io.weft.engine.MeshClock;
import io.weft.model.AppProtocol;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.Effect;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.route.Timeouts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is open when a policy changes: connections, WebSockets, streams, requests. */
@Timeout(60)
class OpenConnectionsTest {

    private static final Duration LIMIT = Duration.ofMillis(250);
    private static final AuthzProgram DENY =
            new AuthzProgram(
                    List.of(
                            new AuthzLayer(
                                    Dialect.ISTIO, List.of(), Effect.DENY, Resources.ORIGIN)));

    private final MeshPair mesh = new MeshPair();
    private MeshTls serverTls;
    private MeshPair.Node server;
    private MeshPair.Node client;

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private void start(AppProtocol protocol, int appPort) {
        serverTls = mesh.authority.tls(mesh.id("server"));
        server =
                mesh.start(
                        "server",
                        serverTls,
                        MeshClock.system(),
                        null,
                        s -> s.inbound(InboundBinding.of(8080, "p", protocol, appPort)));
        client = mesh.start("client", s -> s.upstream(new UpstreamBinding("server.ns:8080", 0)));
        serve(protocol, AuthzProgram.ALLOW_ALL);
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
                                                        List.of(),
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
    }

    /** When this returns the configuration is acknowledged: the sink has taken it. */
    private void serve(AppProtocol protocol, AuthzProgram authz) {
        server.source()
                .publish(
                        set(
                                workload(
                                        "server",
                                        OutboundPolicy.ALLOW_ANY,
                                        port(8080, protocol, MtlsMode.STRICT, authz))));
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(
                        InetAddress.getLoopbackAddress(),
                        client.plane().upstreamPorts().get("server.ns:8080"));
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** Sends bytes all the time from before the change; none that is sent after it may pass. */
    private void assertNothingPassesAfter(
            Socket socket, AtomicInteger passed, byte mark, Runnable change) throws Exception {
        OutputStream out = socket.getOutputStream();
        change.run();
        long acknowledged = System.nanoTime();
        while (System.nanoTime() - acknowledged < LIMIT.toNanos()) {
            Thread.onSpinWait();
        }
        try {
            for (int i = 0; i < 20; i++) {
                out.write(new byte[] {mark, mark, mark});
                out.flush();
            }
        } catch (IOException expected) {
            assertThat(expected).hasMessageMatching("(?i).*(reset|pipe|closed|abort).*");
        }
        assertThat(new Wire(socket).isRefused()).as("the connection has ended").isTrue();
        assertThat(passed).as("bytes that the application saw after the change").hasValue(0);
    }

    @Test
    void aTcpConnectionEndsWithinTheLimit() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        try (RawEcho echo = new RawEcho("", passed)) {
            start(AppProtocol.TCP, echo.port());
            try (Socket socket = connect()) {
                socket.getOutputStream().write('a');
                assertThat(socket.getInputStream().read()).isEqualTo('a');
                assertNothingPassesAfter(
                        socket, passed, (byte) 'X', () -> serve(AppProtocol.TCP, DENY));
            }
        }
    }

    @Test
    void aWebSocketEndsWithinTheLimit() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        String switching =
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n\r\n";
        try (RawEcho echo = new RawEcho(switching, passed)) {
            start(AppProtocol.HTTP, echo.port());
            try (Socket socket = connect()) {
                Wire wire = new Wire(socket);
                wire.send(
                        "GET /ws HTTP/1.1\r\nHost: server.ns:8080\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                assertThat(wire.reply(true).status()).isEqualTo(101);
                wire.send("a");
                assertThat(wire.read(1)).containsExactly('a');
                assertNothingPassesAfter(
                        socket, passed, (byte) 'X', () -> serve(AppProtocol.HTTP, DENY));
            }
        }
    }

    @Test
    void aStreamedRequestEndsWithinTheLimit() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n\r\n";
        try (RawEcho echo = new RawEcho(head, passed)) {
            start(AppProtocol.HTTP, echo.port());
            try (Socket socket = connect()) {
                Wire wire = new Wire(socket);
                wire.send(
                        "POST /S/Chat HTTP/1.1\r\nHost: server.ns:8080\r\n"
                                + "Content-Length: 1000000\r\n\r\n");
                assertThat(wire.reply(true).status()).isEqualTo(200);
                assertNothingPassesAfter(
                        socket, passed, (byte) 'X', () -> serve(AppProtocol.HTTP, DENY));
            }
        }
    }

    @Test
    void whatIsStillAllowedStaysOpen() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        try (RawEcho echo = new RawEcho("", passed)) {
            start(AppProtocol.TCP, echo.port());
            try (Socket socket = connect()) {
                for (int i = 0; i < 20; i++) {
                    serve(AppProtocol.TCP, AuthzProgram.ALLOW_ALL);
                    socket.getOutputStream().write('a');
                    assertThat(socket.getInputStream().read()).isEqualTo('a');
                }
            }
        }
    }

    @Test
    void aCallerThatIsPutOnTheDenyListLosesItsConnections() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        try (RawEcho echo = new RawEcho("", passed)) {
            start(AppProtocol.TCP, echo.port());
            try (Socket socket = connect()) {
                socket.getOutputStream().write('a');
                assertThat(socket.getInputStream().read()).isEqualTo('a');
                assertNothingPassesAfter(
                        socket,
                        passed,
                        (byte) 'X',
                        () -> {
                            serverTls.trust(
                                    mesh.authority.bundle(), Set.of(mesh.id("client").uri()));
                            serve(AppProtocol.TCP, AuthzProgram.ALLOW_ALL);
                        });
            }
            try (Socket again = connect()) {
                assertThat(new Wire(again).isRefused()).as("nor gets new ones").isTrue();
            }
        }
    }
}
