package io.weft.dataplane.attack;

import static io.weft.dataplane.testing.H2Wire.CONTINUATION;
import static io.weft.dataplane.testing.H2Wire.DATA;
import static io.weft.dataplane.testing.H2Wire.END_HEADERS;
import static io.weft.dataplane.testing.H2Wire.END_STREAM;
import static io.weft.dataplane.testing.H2Wire.HEADERS;
import static io.weft.dataplane.testing.H2Wire.PING;
import static io.weft.dataplane.testing.H2Wire.PRIORITY;
import static io.weft.dataplane.testing.H2Wire.PUSH_PROMISE;
import static io.weft.dataplane.testing.H2Wire.RST;
import static io.weft.dataplane.testing.H2Wire.SETTINGS;
import static io.weft.dataplane.testing.H2Wire.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.http.HttpLimits;
import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.H2Wire;
import io.weft.dataplane.testing.RecordingLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames out of order, and floods of frames: each ends its connection with a reason. */
class Http2ConnectionTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    /** More frames than any flood is allowed, and few enough for a test. */
    private static final int MANY = 12_000;

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
    void answer() {
        app.behave();
    }

    /** Writes what it likes. */
    @FunctionalInterface
    interface Frames {
        void write(H2Wire wire) throws IOException;
    }

    /** What is sent, and the error that ends the connection. */
    record Sent(String name, int error, Frames frames) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String[] POST = {
        ":method", "POST", ":scheme", "http", ":path", "/post", ":authority", Doors.HOST
    };

    private static String[] get(String path) {
        return new String[] {
            ":method", "GET", ":scheme", "http", ":path", path, ":authority", Doors.HOST
        };
    }

    private static Sent frame(String name, int error, int type, int flags, int id, byte... rest) {
        return new Sent(name, error, wire -> wire.frame(type, flags, id, rest));
    }

    static List<Sent> outOfOrder() {
        return List.of(
                frame("headers of no stream", PROTOCOL_ERROR, HEADERS, 5, 0, H2Wire.block(POST)),
                frame(
                        "headers of an even stream",
                        PROTOCOL_ERROR,
                        HEADERS,
                        5,
                        2,
                        H2Wire.block(POST)),
                frame("data of no stream", PROTOCOL_ERROR, DATA, 0, 0, (byte) 1),
                frame("data of a stream that is idle", PROTOCOL_ERROR, DATA, 0, 1, (byte) 1),
                frame("a reset of an idle stream", PROTOCOL_ERROR, RST, 0, 1, H2Wire.number(8)),
                frame(
                        "a window of an idle stream",
                        PROTOCOL_ERROR,
                        WINDOW_UPDATE,
                        0,
                        1,
                        H2Wire.number(1)),
                frame(
                        "a window that grows by nothing",
                        PROTOCOL_ERROR,
                        WINDOW_UPDATE,
                        0,
                        0,
                        H2Wire.number(0)),
                frame(
                        "a window that grows too much",
                        FLOW_CONTROL_ERROR,
                        WINDOW_UPDATE,
                        0,
                        0,
                        H2Wire.number(Integer.MAX_VALUE)),
                frame(
                        "a window of three bytes",
                        FRAME_SIZE_ERROR,
                        WINDOW_UPDATE,
                        0,
                        0,
                        new byte[3]),
                frame("a ping of seven bytes", FRAME_SIZE_ERROR, PING, 0, 0, new byte[7]),
                frame("a ping of a stream", PROTOCOL_ERROR, PING, 0, 1, new byte[8]),
                frame("settings of a stream", PROTOCOL_ERROR, SETTINGS, 0, 1),
                frame("settings of five bytes", FRAME_SIZE_ERROR, SETTINGS, 0, 0, new byte[5]),
                frame(
                        "acknowledged settings with bytes",
                        FRAME_SIZE_ERROR,
                        SETTINGS,
                        1,
                        0,
                        new byte[6]),
                frame(
                        "a window too large",
                        FLOW_CONTROL_ERROR,
                        SETTINGS,
                        0,
                        0,
                        (byte) 0,
                        (byte) 4,
                        (byte) -1,
                        (byte) -1,
                        (byte) -1,
                        (byte) -1),
                frame(
                        "a frame size too small",
                        PROTOCOL_ERROR,
                        SETTINGS,
                        0,
                        0,
                        (byte) 0,
                        (byte) 5,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 1),
                frame("a push from a client", PROTOCOL_ERROR, PUSH_PROMISE, 4, 1, H2Wire.number(2)),
                frame("a continuation of nothing", PROTOCOL_ERROR, CONTINUATION, 4, 1, (byte) 0),
                frame("a frame too large", FRAME_SIZE_ERROR, PING, 0, 0, new byte[20_000]),
                frame(
                        "headers that cannot be read",
                        COMPRESSION_ERROR,
                        HEADERS,
                        5,
                        1,
                        (byte) -1,
                        (byte) -1,
                        (byte) -1,
                        (byte) -1,
                        (byte) -1,
                        (byte) 127),
                frame("padding longer than its frame", PROTOCOL_ERROR, HEADERS, 13, 1, (byte) 99),
                new Sent(
                        "another frame within a block of headers",
                        PROTOCOL_ERROR,
                        wire ->
                                wire.frame(HEADERS, END_STREAM, 1, H2Wire.block(POST))
                                        .frame(PING, 0, 0, new byte[8])),
                new Sent(
                        "another stream within a block of headers",
                        PROTOCOL_ERROR,
                        wire ->
                                wire.frame(HEADERS, END_STREAM, 1, H2Wire.block(POST))
                                        .frame(
                                                CONTINUATION,
                                                END_HEADERS,
                                                3,
                                                H2Wire.block("a", "b"))),
                new Sent(
                        "a stream below an earlier one",
                        PROTOCOL_ERROR,
                        wire -> wire.headers(5, false, POST).headers(3, true, POST)));
    }

    @ParameterizedTest
    @MethodSource("outOfOrder")
    void aConnectionOutOfOrderEndsWithItsReason(Sent row) throws Exception {
        for (Door door : Door.values()) {
            String where = row + ", " + door;
            int before = app.requests().size();
            int lines = doors.log(door).lines().size();
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                row.frames().write(wire);
                List<String> seen = wire.until(s -> false);
                assertThat(seen).as(where).contains("GOAWAY " + row.error());
            }
            doors.log(door).await(lines + 1);
            RecordingLog.Line line = doors.log(door).lines().get(lines);
            assertThat(line.flags()).as(where).isEqualTo("DPE");
            assertThat(line.failure()).as(where).isNotEmpty();
            assertThat(app.requests()).as(where).hasSize(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void headersOnAStreamThatIsHalfClosedEndIt(Door door) throws Exception {
        app.behave((request, connection) -> {
            // Never answers.
        });
        try (H2Wire wire = new H2Wire(doors.port(door))) {
            wire.headers(1, true, get("/hangs")).headers(1, true, get("/smuggled"));
            assertThat(wire.until(s -> s.startsWith("RST"))).contains("RST 1 " + STREAM_CLOSED);
        }
        assertThat(app.requests()).noneMatch(s -> s.contains("smuggled"));
    }

    // --- floods

    private static Sent flood(String name, Frames frames) {
        return new Sent(name, ENHANCE_YOUR_CALM, frames);
    }

    private static void repeat(H2Wire wire, byte[] frame) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < MANY; i++) {
            all.writeBytes(frame);
        }
        wire.raw(all.toByteArray());
    }

    static Stream<Sent> floods() {
        return Stream.of(
                flood("settings", w -> repeat(w, H2Wire.bytes(SETTINGS, 0, 0))),
                flood("acknowledgements", w -> repeat(w, H2Wire.bytes(SETTINGS, 1, 0))),
                flood("pings", w -> repeat(w, H2Wire.bytes(PING, 0, 0, new byte[8]))),
                flood("answers to pings", w -> repeat(w, H2Wire.bytes(PING, 1, 0, new byte[8]))),
                flood("priorities", w -> repeat(w, H2Wire.bytes(PRIORITY, 0, 1, new byte[5]))),
                flood(
                        "windows",
                        w -> repeat(w, H2Wire.bytes(WINDOW_UPDATE, 0, 0, H2Wire.number(1)))),
                flood("unknown frames", w -> repeat(w, H2Wire.bytes(0x7f, 0, 0, new byte[4]))),
                flood(
                        "empty data",
                        w -> {
                            w.headers(1, false, POST);
                            repeat(w, H2Wire.bytes(DATA, 0, 1));
                        }),
                flood(
                        "empty continuations",
                        w -> {
                            w.frame(HEADERS, END_STREAM, 1, H2Wire.block(POST));
                            repeat(w, H2Wire.bytes(CONTINUATION, 0, 1));
                        }),
                flood(
                        "continuations",
                        w -> {
                            w.frame(HEADERS, END_STREAM, 1, H2Wire.block(POST));
                            repeat(
                                    w,
                                    H2Wire.bytes(
                                            CONTINUATION, 0, 1, H2Wire.block("a", "b".repeat(99))));
                        }),
                flood(
                        "streams that are reset at once",
                        w -> {
                            ByteArrayOutputStream all = new ByteArrayOutputStream();
                            for (int id = 1; id < 2_000; id += 2) {
                                all.writeBytes(
                                        H2Wire.bytes(HEADERS, 5, id, H2Wire.block(get("/rapid"))));
                                all.writeBytes(H2Wire.bytes(RST, 0, id, H2Wire.number(8)));
                            }
                            w.raw(all.toByteArray());
                        }),
                flood(
                        "streams that the proxy is made to reset",
                        w -> {
                            ByteArrayOutputStream all = new ByteArrayOutputStream();
                            for (int id = 1; id < 2_000; id += 2) {
                                all.writeBytes(
                                        H2Wire.bytes(HEADERS, 5, id, H2Wire.block(get("/made"))));
                                all.writeBytes(
                                        H2Wire.bytes(WINDOW_UPDATE, 0, id, H2Wire.number(0)));
                            }
                            w.raw(all.toByteArray());
                        }));
    }

    @ParameterizedTest
    @MethodSource("floods")
    void aFloodEndsItsConnectionAndDisturbsNoOther(Sent row) throws Exception {
        for (Door door : Door.values()) {
            String where = row + ", " + door;
            int before = app.requests().size();
            try (H2Wire other = new H2Wire(doors.port(door));
                    H2Wire wire = new H2Wire(doors.port(door))) {
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                row.frames().write(wire);
                            } catch (IOException e) {
                                // The proxy has had enough.
                            }
                        });
                List<String> seen = wire.until(s -> s.startsWith("GOAWAY"));
                assertThat(seen.getLast()).as(where).isEqualTo("GOAWAY " + row.error());
                other.headers(1, true, get("/other"));
                assertThat(other.until(s -> s.startsWith("DATA"))).contains("HEADERS 1 200");
            }
            assertThat(doors.log(door).lines())
                    .as(where)
                    .anyMatch(line -> line.details().equals("http2.flood"));
            assertThat(app.requests().size() - before).as(where).isLessThanOrEqualTo(1 + 400);
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void aBombOfReferencesToOneHeaderIsNotUnpacked(Door door) throws Exception {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(H2Wire.block(get("/bomb")));
        block.write(0x40);
        H2Wire.string(block, "x-bomb");
        H2Wire.string(block, "b".repeat(3_900));
        for (int i = 0; i < 10_000; i++) {
            block.write(0x80 | 62);
        }
        int before = app.requests().size();
        try (H2Wire wire = new H2Wire(doors.port(door))) {
            wire.frame(HEADERS, END_STREAM | END_HEADERS, 1, block.toByteArray());
            String end =
                    wire.until(s -> s.startsWith("HEADERS") || s.startsWith("GOAWAY")).getLast();
            assertThat(end).isIn("HEADERS 1 431", "GOAWAY " + PROTOCOL_ERROR);
        }
        assertThat(app.requests()).hasSize(before);
    }

    @Test
    void whoDoesNotTakeAnAnswerOrLeavesARequestLyingIsTimedOut() throws Exception {
        HttpLimits limits = impatient(Duration.ofMillis(300), Duration.ofMillis(300));
        byte[] noWindow = {0, 4, 0, 0, 0, 0};
        try (Doors impatient = new Doors(limits)) {
            for (Door door : Door.values()) {
                try (H2Wire wire = new H2Wire(impatient.port(door), noWindow)) {
                    wire.headers(1, true, get("/slow-read"));
                    assertThat(wire.until(s -> s.startsWith("RST 1"))).contains("HEADERS 1 200");
                }
                try (H2Wire wire = new H2Wire(impatient.port(door))) {
                    wire.headers(1, false, POST).data(1, false, "half");
                    assertThat(wire.until(s -> s.startsWith("DATA 1"))).contains("HEADERS 1 408");
                }
                RecordingLog.Line line = impatient.log(door).await(2);
                assertThat(line.flags()).isEqualTo("SI");
                assertThat(line.status()).isEqualTo(408);
                try (H2Wire wire = new H2Wire(impatient.port(door))) {
                    wire.frame(HEADERS, END_STREAM, 1, H2Wire.block(POST));
                    assertThat(wire.until(s -> false)).endsWith("CLOSED");
                }
            }
        }
    }

    @Test
    void aConnectionThatIsNotUsedIsEnded() throws Exception {
        HttpLimits limits = impatient(Duration.ofSeconds(60), Duration.ofMillis(300));
        try (Doors impatient = new Doors(limits);
                H2Wire wire = new H2Wire(impatient.port(Door.INBOUND))) {
            wire.headers(1, true, get("/once"));
            assertThat(wire.until(s -> s.startsWith("GOAWAY")))
                    .contains("HEADERS 1 200", "GOAWAY 0");
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void aDrainIsToldByAFrame(Door door) throws Exception {
        try (Doors draining = new Doors();
                H2Wire wire = new H2Wire(draining.port(door))) {
            wire.headers(1, true, get("/before"));
            wire.until(s -> s.startsWith("DATA 1"));
            draining.node(door).plane().drain(Duration.ofSeconds(1));
            assertThat(wire.next()).isEqualTo("GOAWAY 0");
        }
    }

    private static HttpLimits impatient(Duration stalled, Duration keepAlive) {
        HttpLimits d = HttpLimits.DEFAULT;
        return new HttpLimits(
                d.initialLine(),
                d.headers(),
                d.headerCount(),
                d.replayBuffer(),
                d.streams(),
                Duration.ofMillis(300),
                d.handshakeTimeout(),
                keepAlive,
                stalled,
                d.tcpIdle(),
                d.waitingRequests());
    }
}
