package io.weft.dataplane.attack;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.Wire;
import io.weft.model.Dialect;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that end elsewhere than they seem to, and bodies that are taken for requests. */
class BodySmugglingTest {

    private static final String HEAD =
            "POST / HTTP/1.1\r\nHost: server.ns:8080\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n";

    private static Doors doors;
    private static ByteApp app;

    @BeforeAll
    static void start() throws Exception {
        doors = new Doors();
        app = doors.app;
    }

    @AfterAll
    static void stop() throws Exception {
        doors.close();
    }

    @AfterEach
    void open() {
        doors.publish(Doors.Policy.OPEN);
        app.behave();
    }

    record Chunks(String name, String bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Chunks size(String name, String size) {
        return new Chunks(name, size + "\r\nhello\r\n0\r\n\r\n");
    }

    static List<Chunks> chunks() {
        return List.of(
                size("0x", "0x5"),
                size("a plus", "+5"),
                size("a minus", "-5"),
                size("an underscore", "5_0"),
                size("a point", "5.0"),
                size("no hexadecimal digit", "g"),
                size("no size", ""),
                size("only an extension", ";a"),
                size("a blank before it", " 5"),
                size("a tab before it", "\t5"),
                size("a blank behind it", "5 "),
                size("a NUL behind it", "5\0"),
                size("a vertical tab behind it", "5\u000b"),
                size("two numbers", "5 5"),
                size("beyond 64 bits", "10000000000000005"),
                size("beyond 63 bits", "8000000000000005"),
                size("beyond 32 bits, five in the lower ones", "100000005"),
                size("very long", "f".repeat(40)),
                size("other digits", "\u0665"),
                size("a CR behind it", "5\r"),
                size("an extension with a CR", "5;a\rb"),
                size("an extension with an LF", "5;a\nb"),
                size("an extension with a NUL", "5;a\0b"),
                size("an extension without end", "5;" + "a".repeat(100_000)),
                new Chunks("LF behind the size", "5\nhello\r\n0\r\n\r\n"),
                new Chunks("LF behind the extension", "5;a\nhello\r\n0\r\n\r\n"),
                new Chunks("LF behind the data", "5\r\nhello\n0\r\n\r\n"),
                new Chunks("CR alone behind the data", "5\r\nhello\r0\r\n\r\n"),
                new Chunks("nothing behind the data", "5\r\nhello0\r\n\r\n"),
                new Chunks("other data behind the data", "5\r\nhelloXX0\r\n\r\n"),
                new Chunks("LF behind the last size", "5\r\nhello\r\n0\n\r\n"),
                new Chunks("LF alone at the end", "5\r\nhello\r\n0\r\n\n"),
                new Chunks("CR alone at the end", "5\r\nhello\r\n0\r\n\rX"),
                new Chunks("a folded trailer", "0\r\nX-A: b\r\n c\r\n\r\n"),
                new Chunks("a trailer behind a blank", "0\r\n X-A: b\r\n\r\n"),
                new Chunks("a trailer without a colon", "0\r\nnothing\r\n\r\n"),
                new Chunks("a trailer with a blank before the colon", "0\r\nX-A : b\r\n\r\n"),
                new Chunks("a trailer with an LF", "0\r\nX-A: b\nX-B: c\r\n\r\n"),
                new Chunks("a trailer with a NUL", "0\r\nX-A: b\0\r\n\r\n"),
                new Chunks("a request for a trailer", "0\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
                new Chunks("trailers too large", "0\r\nX-A: " + "b".repeat(70_000) + "\r\n\r\n"),
                new Chunks("trailers too many", "0\r\n" + "X-A: b\r\n".repeat(9_000) + "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("chunks")
    void endsARequestWhoseChunksAreIllFormed(Chunks row) throws Exception {
        for (Door door : Door.values()) {
            int before = app.requests().size();
            try (Wire wire = doors.wire(door)) {
                String answer = wire.send(HEAD + row.bytes() + SMUGGLED).readAll();
                assertThat(answer).as("%s, %s", row, door).doesNotContain(" 200 ");
            }
            assertThat(app.requests()).as("%s, %s", row, door).hasSize(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void aBodyThatEndsWithItsConnectionIsNoWholeRequest(Door door) throws Exception {
        int before = app.requests().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 9\r\n\r\nhello");
            wire.endOutput();
            assertThat(wire.readAll()).doesNotContain(" 200 ");
        }
        assertThat(app.requests()).hasSize(before);
    }

    private static AuthzProgram deny(String path) {
        return new AuthzProgram(
                List.of(
                        new AuthzLayer(
                                Dialect.ISTIO,
                                List.of(
                                        new AuthzStep.Decide(
                                                Effect.DENY,
                                                new Match.Path(new StringMatch.Exact(path)),
                                                false,
                                                ORIGIN)),
                                Effect.ALLOW,
                                ORIGIN)));
    }

    @ParameterizedTest
    @EnumSource(names = {"INBOUND", "GATEWAY"})
    void theBodyOfARequestThatIsRefusedEarlyIsNotTakenForARequest(Door door) throws Exception {
        doors.publish(Doors.Policy.OPEN.authz(deny("/closed")));
        int before = app.requests().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("POST /closed HTTP/1.1\r\nHost: server.ns:8080\r\n");
            wire.send("Content-Length: " + SMUGGLED.length() + "\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(403);
            wire.send(SMUGGLED + "GET /next HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        assertThat(app.requests()).hasSize(before + 1);
        assertThat(app.requests().getLast()).startsWith("GET /next ");
    }

    @ParameterizedTest
    @EnumSource(names = {"INBOUND", "GATEWAY"})
    void whoWasRefusedWhileWaitingForA100CannotGoOn(Door door) throws Exception {
        doors.publish(Doors.Policy.OPEN.authz(deny("/closed")));
        int before = app.requests().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("POST /closed HTTP/1.1\r\nHost: server.ns:8080\r\nExpect: 100-continue\r\n");
            wire.send("Content-Length: " + SMUGGLED.length() + "\r\n\r\n");
            Wire.Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.head().toLowerCase()).contains("connection: close");
            wire.send(SMUGGLED);
            assertThat(wire.readAll()).isEmpty();
        }
        assertThat(app.requests()).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void nothingIsTakenBehindARequestThatEndsItsConnection(Door door) throws Exception {
        int before = app.requests().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("GET /1 HTTP/1.1\r\nHost: server.ns:8080\r\nConnection: close\r\n\r\n");
            wire.send(SMUGGLED);
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        try (Wire wire = doors.wire(door)) {
            String one = "GET /1 HTTP/1.1\r\nHost: server.ns:8080\r\nConnection: close\r\n\r\n";
            assertThat(wire.send(one + SMUGGLED + SMUGGLED).readAll())
                    .containsOnlyOnce("HTTP/1.1 200");
        }
        assertThat(app.requests()).hasSize(before + 2);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void pipelinedRequestsGoOutOneByOneAndAreAnsweredInOrder(Door door) throws Exception {
        app.behave((request, connection) -> {
            String path = request.substring(4, request.indexOf(" HTTP"));
            ByteApp.say(
                    connection,
                    "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
        });
        String host = " HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n";
        try (Wire wire = doors.wire(door)) {
            wire.send("GET /1" + host + "GET /2" + host + "GET /3" + host);
            assertThat(wire.reply().body()).isEqualTo("/1");
            assertThat(wire.reply().body()).isEqualTo("/2");
            assertThat(wire.reply().body()).isEqualTo("/3");
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void anUpgradeThatIsNotTakenOpensNoTunnel(Door door) throws Exception {
        doors.publish(Doors.Policy.OPEN.authz(deny("/smuggled")));
        int before = app.requests().size();
        try (Wire wire = doors.wire(door)) {
            wire.send(
                    "GET /ws HTTP/1.1\r\nHost: server.ns:8080\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\nSec-WebSocket-Version: 777\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(200);
            assertThat(wire.send(SMUGGLED).reply().status())
                    .isEqualTo(door == Door.OUTBOUND ? 200 : 403);
        }
        assertThat(app.requests()).hasSize(before + (door == Door.OUTBOUND ? 2 : 1));
    }

    @Test
    void anUpgradeWithABodyIsARequestLikeAnyOther() throws Exception {
        int before = app.requests().size();
        try (Wire wire = doors.wire(Door.INBOUND)) {
            wire.send(
                    "GET /ws HTTP/1.1\r\nHost: server.ns:8080\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\nContent-Length: "
                            + SMUGGLED.length()
                            + "\r\n\r\n"
                            + SMUGGLED);
            assertThat(wire.reply().status()).isEqualTo(200);
        }
        assertThat(app.requests()).hasSize(before + 1);
        assertThat(app.requests().getLast()).startsWith("GET /ws ").endsWith(SMUGGLED);
    }
}
