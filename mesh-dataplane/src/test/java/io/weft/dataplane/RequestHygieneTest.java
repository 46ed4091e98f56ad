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

import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.route.Timeouts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two readers could read in two ways, on a permissive inbound port and on the proxy
 * port.
 */
class RequestHygieneTest {

    private static MeshPair mesh;
    private static TestApp app;
    private static int inbound;
    private static int outbound;

    @BeforeAll
    static void start() {
        mesh = new MeshPair();
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "ok")));
        MeshPair.Node server =
                mesh.start(
                        "server",
                        s ->
                                s.inbound(
                                        InboundBinding.of(
                                                8080, "http", AppProtocol.HTTP, app.port())));
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
                                                AuthzProgram.ALLOW_ALL))));
        inbound = server.plane().inboundPorts().get(8080);
        MeshPair.Node client = mesh.start("client", s -> s);
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
                                        endpoint("s", inbound, mesh.id("server"), Map.of()))));
        outbound = client.plane().outboundPort();
    }

    @AfterAll
    static void stop() throws Exception {
        mesh.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST / HTTP/1.1|Host: server.ns:8080|Content-Length: 5|Transfer-Encoding:"
                        + " chunked||0||",
                "POST / HTTP/1.1|Host: server.ns:8080|Transfer-Encoding: chunked|Content-Length:"
                        + " 5||0||",
                "POST / HTTP/1.1|Host: server.ns:8080|Content-Length: 5|Content-Length: 6||hello",
                "POST / HTTP/1.1|Host: server.ns:8080|Content-Length: 5, 6||hello",
                "POST / HTTP/1.1|Host: server.ns:8080|Content-Length: +5||hello",
                "POST / HTTP/1.1|Host: server.ns:8080|Content-Length: 0x5||hello",
                "POST / HTTP/1.1|Host: server.ns:8080|Content-Length: -1||",
                "POST / HTTP/1.1|Host: server.ns:8080|Transfer-Encoding: xchunked||0||",
                "POST / HTTP/1.1|Host: server.ns:8080|Transfer-Encoding: chunked, identity||0||",
                "POST / HTTP/1.1|Host: server.ns:8080|Transfer-Encoding: identity, chunked||0||",
                "POST / HTTP/1.1|Host: server.ns:8080|Transfer-Encoding: chunked|Transfer-Encoding:"
                        + " chunked||0||",
                "POST / HTTP/1.1|Host: server.ns:8080|Transfer-Encoding : chunked||0||",
                "POST / HTTP/1.0|Host: server.ns:8080|Transfer-Encoding: chunked||0||",
                "GET / HTTP/1.1|Host: server.ns:8080|X-A: 1| folded||",
                "GET / HTTP/1.1|Host: server.ns:8080|X-A: 1|\tfolded||",
                "GET / HTTP/1.1|Host : server.ns:8080||",
                "GET / HTTP/1.1|Host: server.ns:8080|X\u0000A: 1||",
                "GET / HTTP/1.1|Host: server.ns:8080|X-A: a\u0000b||",
                "GET / HTTP/1.1|Host: server.ns:8080|: empty||",
                "GET / HTTP/1.1||",
                "GET / HTTP/1.1|Host:||",
                "GET / HTTP/1.1|Host: server.ns:8080|Host: other||",
                "GET / HTTP/1.1|Host: server.ns:8080, other||",
                "GET / HTTP/1.1|Host: user@server.ns:8080||",
                "GET / HTTP/1.1|Host: server.ns:80:80||",
                "GET http://other.ns:8080/ HTTP/1.1|Host: server.ns:8080||",
                "GET ftp://server.ns:8080/ HTTP/1.1|Host: server.ns:8080||",
                "GET server.ns HTTP/1.1|Host: server.ns:8080||",
                "GET /a#b HTTP/1.1|Host: server.ns:8080||",
                "GET /a%00b HTTP/1.1|Host: server.ns:8080||",
                "GET /%zz HTTP/1.1|Host: server.ns:8080||",
                "GET / HTTP/2.0|Host: server.ns:8080||",
                "GET / HTTP/1.2|Host: server.ns:8080||",
            })
    void refusesAndShowsTheApplicationNothing(String request) throws Exception {
        String bytes = request.replace("|", "\r\n");
        int before = app.seen().size();
        for (int port : new int[] {inbound, outbound}) {
            try (Wire wire = new Wire(port)) {
                Wire.Reply reply = wire.send(bytes).reply();
                assertThat(reply.status()).as("port %s", port).isBetween(400, 431);
                assertThat(wire.isRefused()).as("the connection ends").isTrue();
            }
        }
        assertThat(app.seen()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x5\r\nhello\r\n0\r\n\r\n",
                "+5\r\nhello\r\n0\r\n\r\n",
                "5_0\r\nhello\r\n0\r\n\r\n",
                "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                "5\nhello\n0\n\n",
                "-5\r\nhello\r\n0\r\n\r\n",
                "5\r\nhelloXX0\r\n\r\n",
            })
    void endsARequestWhoseChunksAreIllFormed(String chunks) throws Exception {
        int before = app.seen().size();
        try (Wire wire = new Wire(inbound)) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + chunks);
            String answer = wire.readAll();
            assertThat(answer).doesNotContain("200 OK");
        }
        assertThat(app.seen()).hasSize(before);
    }

    @Test
    void doesNotFollowAnUpgradeToHttp2() throws Exception {
        try (Wire wire = new Wire(inbound)) {
            wire.send(
                    "GET /h2c HTTP/1.1\r\n"
                            + "Host: server.ns:8080\r\n"
                            + "Connection: Upgrade, HTTP2-Settings\r\n"
                            + "Upgrade: h2c\r\n"
                            + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        TestApp.Seen seen = app.seen().getLast();
        assertThat(seen.has("upgrade")).isFalse();
        assertThat(seen.has("http2-settings")).isFalse();
    }

    @Test
    void takesHopByHopHeadersOutAndKeepsThoseThatFrameTheMessage() throws Exception {
        try (Wire wire = new Wire(inbound)) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: server.ns:8080\r\n"
                            + "Connection: X-Hop, Content-Length, x-forwarded-client-cert\r\n"
                            + "X-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nX-End: 2\r\n"
                            + "Content-Length: 2\r\n\r\nok");
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        TestApp.Seen seen = app.seen().getLast();
        assertThat(seen.body()).isEqualTo("ok");
        assertThat(seen.has("x-hop")).isFalse();
        assertThat(seen.has("keep-alive")).isFalse();
        assertThat(seen.has("proxy-connection")).isFalse();
        assertThat(seen.header("x-end")).isEqualTo("2");
    }

    @Test
    void refusesHeadersAboveTheLimits() throws Exception {
        try (Wire wire = new Wire(inbound)) {
            wire.send(
                    "GET / HTTP/1.1\r\nHost: server.ns:8080\r\nX-Big: "
                            + "a".repeat(70_000)
                            + "\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(431);
        }
        try (Wire wire = new Wire(inbound)) {
            wire.send(
                    "GET / HTTP/1.1\r\nHost: server.ns:8080\r\n"
                            + "X-M: a\r\n".repeat(200)
                            + "\r\n");
            assertThat(wire.reply().status()).isEqualTo(431);
        }
        try (Wire wire = new Wire(inbound)) {
            wire.send("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(414);
        }
    }
}
