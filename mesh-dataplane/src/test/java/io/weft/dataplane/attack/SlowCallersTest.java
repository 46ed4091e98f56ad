package io.weft.dataplane.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.Wire;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers of HTTP/1.1 who hold connections by being slow. */
class SlowCallersTest {

    private static final Duration SOON = Duration.ofMillis(300);

    private static Doors doors;

    @BeforeAll
    static void start() throws Exception {
        HttpLimits d = HttpLimits.DEFAULT;
        doors =
                new Doors(
                        new HttpLimits(
                                d.initialLine(),
                                d.headers(),
                                d.headerCount(),
                                d.replayBuffer(),
                                d.streams(),
                                SOON,
                                d.handshakeTimeout(),
                                SOON,
                                SOON,
                                d.tcpIdle(),
                                d.waitingRequests()));
    }

    @AfterAll
    static void stop() throws Exception {
        doors.close();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void aHeadThatDoesNotEndEndsItsConnection(Door door) throws Exception {
        long before = doors.app.bytes();
        try (Wire wire = doors.wire(door)) {
            wire.send("GET / HTTP/1.1\r\nHost: server.ns:8080\r\nX-Slow: ");
            assertThat(wire.isRefused()).isTrue();
        }
        assertThat(doors.app.bytes()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void aBodyThatDoesNotComeIsTimedOut(Door door) throws Exception {
        int before = doors.app.requests().size();
        int lines = doors.log(door).lines().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("POST / HTTP/1.1\r\nHost: server.ns:8080\r\nContent-Length: 9\r\n\r\nhalf");
            assertThat(wire.reply().status()).isEqualTo(408);
            assertThat(wire.isRefused()).isTrue();
        }
        RecordingLog.Line line = doors.log(door).await(lines + 1);
        assertThat(line.flags()).isEqualTo("SI");
        assertThat(doors.app.requests()).hasSize(before);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void anAnswerThatIsNotTakenIsTimedOut(Door door) throws Exception {
        int length = 64 << 20;
        doors.app.behave((request, connection) -> {
            ByteApp.say(connection, "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
            byte[] part = new byte[1 << 16];
            for (int sent = 0; sent < length; sent += part.length) {
                connection.getOutputStream().write(part);
            }
        });
        int lines = doors.log(door).lines().size();
        try (Wire wire = doors.wire(door)) {
            wire.send("GET /big HTTP/1.1\r\nHost: server.ns:8080\r\n\r\n");
            RecordingLog.Line line = doors.log(door).await(lines + 1);
            assertThat(line.flags()).isEqualTo("SI");
            assertThat(line.sent()).isLessThan(length);
        } finally {
            doors.app.behave();
        }
    }
}
