package io.weft.dataplane.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.H2Wire;
import io.weft.dataplane.testing.RecordingLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that HTTP/2 can carry and HTTP/1.1 would read otherwise, before an application that
 * speaks HTTP/1.1: what is malformed ends its stream and is shown to nobody.
 */
class Http2RequestTest {

    private static final String LINE_END = "\r\nX-Smuggled: 1\r\n\r\nGET /smuggled HTTP/1.1\r\n";
    private static final String PROTOCOL_ERROR = "RST 1 1";

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

    /** A head, and what ends it: a reset stream or a status. */
    record Head(String name, String ends, String... pairs) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A GET with more headers. */
    private static Head with(String name, String ends, String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                "GET",
                                ":scheme",
                                "http",
                                ":path",
                                "/",
                                ":authority",
                                Doors.HOST));
        all.addAll(Arrays.asList(more));
        return new Head(name, ends, all.toArray(String[]::new));
    }

    /** A GET in which one pseudo header is another, or, if it is null, is not there. */
    private static Head but(String name, String ends, String pseudo, String value) {
        List<String> all = new ArrayList<>();
        String[] pairs = {
            ":method", "GET", ":scheme", "http", ":path", "/", ":authority", Doors.HOST
        };
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i].equals(pseudo)) {
                all.addAll(List.of(pairs[i], pairs[i + 1]));
            } else if (value != null) {
                all.addAll(List.of(pseudo, value));
            }
        }
        return new Head(name, ends, all.toArray(String[]::new));
    }

    static List<Head> pseudoHeaders() {
        return List.of(
                but("no method", PROTOCOL_ERROR, ":method", null),
                but("an empty method", PROTOCOL_ERROR, ":method", ""),
                but("a method with a blank", PROTOCOL_ERROR, ":method", "GET /a HTTP/1.1"),
                but("a method with a line's end", PROTOCOL_ERROR, ":method", "GET" + LINE_END),
                but("no scheme", PROTOCOL_ERROR, ":scheme", null),
                but("another scheme", PROTOCOL_ERROR, ":scheme", "ftp"),
                but("a scheme with an authority", PROTOCOL_ERROR, ":scheme", "http://evil/"),
                but("a scheme with a line's end", PROTOCOL_ERROR, ":scheme", "http" + LINE_END),
                but("no path", PROTOCOL_ERROR, ":path", null),
                but("an empty path", PROTOCOL_ERROR, ":path", ""),
                but("a path without a slash", PROTOCOL_ERROR, ":path", "a"),
                but("an absolute path", PROTOCOL_ERROR, ":path", "http://evil.ns/"),
                but("a star with GET", "HEADERS 1 400", ":path", "*"),
                but("a path with a blank", PROTOCOL_ERROR, ":path", "/a HTTP/1.1"),
                but("a path with a line's end", PROTOCOL_ERROR, ":path", "/" + LINE_END),
                but("a path with a NUL", PROTOCOL_ERROR, ":path", "/a\0b"),
                but("a path with a fragment", "HEADERS 1 400", ":path", "/a#b"),
                but("no authority and no host", "HEADERS 1 400", ":authority", null),
                but("an empty authority", PROTOCOL_ERROR, ":authority", ""),
                but("an authority with a user", "HEADERS 1 400", ":authority", "u@server.ns:8080"),
                but("an authority with a path", "HEADERS 1 400", ":authority", "server.ns/a"),
                but("an authority with a blank", "HEADERS 1 400", ":authority", "server.ns a"),
                but("a list of authorities", "HEADERS 1 400", ":authority", "server.ns,evil.ns"),
                but("an authority with a line's end", PROTOCOL_ERROR, ":authority", "s" + LINE_END),
                with("a second method", PROTOCOL_ERROR, ":method", "POST"),
                with("a second path", PROTOCOL_ERROR, ":path", "/smuggled"),
                with("a second scheme", PROTOCOL_ERROR, ":scheme", "https"),
                with("a second authority", PROTOCOL_ERROR, ":authority", "evil.ns"),
                with("a pseudo header behind a header", PROTOCOL_ERROR, "x", "1", ":path", "/a"),
                with("an unknown pseudo header", PROTOCOL_ERROR, ":smuggled", "1"),
                with("an answer's pseudo header", PROTOCOL_ERROR, ":status", "200"),
                with("an extended CONNECT's", PROTOCOL_ERROR, ":protocol", "websocket"),
                new Head(
                        "CONNECT with a path",
                        PROTOCOL_ERROR,
                        ":method",
                        "CONNECT",
                        ":scheme",
                        "http",
                        ":path",
                        "/",
                        ":authority",
                        Doors.HOST),
                new Head("CONNECT without an authority", PROTOCOL_ERROR, ":method", "CONNECT"),
                new Head("CONNECT", "HEADERS 1 4", ":method", "CONNECT", ":authority", Doors.HOST));
    }

    static List<Head> fields() {
        return List.of(
                with("another host", PROTOCOL_ERROR, "host", "evil.ns"),
                with("two hosts", PROTOCOL_ERROR, "host", Doors.HOST, "host", "evil.ns"),
                with("a name in capitals", PROTOCOL_ERROR, "X-Capitals", "1"),
                with("an empty name", PROTOCOL_ERROR, "", "1"),
                with("a name with a blank", PROTOCOL_ERROR, "x a", "1"),
                with("a name with a colon", PROTOCOL_ERROR, "x:a", "1"),
                with("a name with a line's end", PROTOCOL_ERROR, "x" + LINE_END + "y", "1"),
                with("a name with a NUL", PROTOCOL_ERROR, "x\0", "1"),
                with("a name beyond ASCII", PROTOCOL_ERROR, "x\u00e9", "1"),
                with("a value with a line's end", PROTOCOL_ERROR, "x", "1" + LINE_END),
                with("a value with an LF", PROTOCOL_ERROR, "x", "1\n2"),
                with("a value with a CR", PROTOCOL_ERROR, "x", "1\r2"),
                with("a value with a NUL", PROTOCOL_ERROR, "x", "1\0"),
                with("a value with a control character", PROTOCOL_ERROR, "x", "1\u0001"),
                with("a value behind a blank", PROTOCOL_ERROR, "x", " 1"),
                with("a value before a tab", PROTOCOL_ERROR, "x", "1\t"),
                with("connection", PROTOCOL_ERROR, "connection", "close"),
                with("keep-alive", PROTOCOL_ERROR, "keep-alive", "5"),
                with("proxy-connection", PROTOCOL_ERROR, "proxy-connection", "close"),
                with("transfer-encoding", PROTOCOL_ERROR, "transfer-encoding", "chunked"),
                with("upgrade", PROTOCOL_ERROR, "upgrade", "websocket"),
                with("te other than trailers", PROTOCOL_ERROR, "te", "gzip"),
                with("a length without a body", PROTOCOL_ERROR, "content-length", "5"),
                with("two lengths", PROTOCOL_ERROR, "content-length", "0", "content-length", "5"),
                with("a length with a plus", PROTOCOL_ERROR, "content-length", "+0"),
                with("a length below zero", PROTOCOL_ERROR, "content-length", "-1"),
                with("a length that is none", PROTOCOL_ERROR, "content-length", "a"),
                with("an empty length", PROTOCOL_ERROR, "content-length", ""));
    }

    @ParameterizedTest
    @MethodSource({"pseudoHeaders", "fields"})
    void aMalformedHeadEndsItsStreamAndNothingElse(Head row) throws Exception {
        for (Door door : Door.values()) {
            String where = row + ", " + door;
            long before = app.bytes();
            int lines = doors.log(door).lines().size();
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                wire.headers(1, true, row.pairs());
                String end =
                        wire.until(s -> s.startsWith("RST") || s.startsWith("HEADERS")).getLast();
                assertThat(end).as(where).startsWith(row.ends());
                RecordingLog.Line line = doors.log(door).await(lines + 1);
                assertThat(line.flags()).as(where).isEqualTo("DPE");
                assertThat(line.failure()).as(where).isNotEmpty();
                assertThat(app.bytes()).as(where).isEqualTo(before);
                wire.headers(3, true, ok("/next"));
                assertThat(wire.until(s -> s.startsWith("DATA 3"))).contains("HEADERS 3 200");
            }
        }
    }

    private static String[] ok(String path) {
        return new String[] {
            ":method", "GET", ":scheme", "http", ":path", path, ":authority", Doors.HOST
        };
    }

    private static String[] post(String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                ":method",
                                "POST",
                                ":scheme",
                                "http",
                                ":path",
                                "/post",
                                ":authority",
                                Doors.HOST));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void aBodyOfAnotherLengthThanAnnouncedIsNoWholeRequest(Door door) throws Exception {
        for (String body : new String[] {"123", "1234567"}) {
            int before = app.requests().size();
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                wire.headers(1, false, post("content-length", "5")).data(1, true, body);
                assertThat(wire.until(s -> s.startsWith("RST 1")))
                        .contains(PROTOCOL_ERROR)
                        .noneMatch(s -> s.startsWith("HEADERS 1 200"));
            }
            assertThat(app.requests()).hasSize(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void trailersThatAreMalformedOrNotTheEndAreNoEnd(Door door) throws Exception {
        String[][] all = {
            {":path", "/smuggled"}, {"connection", "close"}, {"X", "1"}, {"x", "a\r\nb"}
        };
        for (String[] trailers : all) {
            int before = app.requests().size();
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                wire.headers(1, false, post()).data(1, false, "body");
                wire.headers(1, true, trailers);
                assertThat(wire.until(s -> s.startsWith("RST 1"))).contains(PROTOCOL_ERROR);
            }
            assertThat(app.requests()).as(trailers[0]).hasSize(before);
        }
        int before = app.requests().size();
        try (H2Wire wire = new H2Wire(doors.port(door))) {
            wire.headers(1, false, post()).headers(1, false, "x", "1");
            assertThat(wire.until(s -> s.startsWith("RST 1"))).contains(PROTOCOL_ERROR);
        }
        assertThat(app.requests()).hasSize(before);
    }

    @Test
    void trailersDoNotForgeHeaders() throws Exception {
        for (Door door : Door.values()) {
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                wire.headers(1, false, post()).data(1, false, "body");
                wire.headers(
                        1,
                        true,
                        "x-sum",
                        "1",
                        "x-forwarded-client-cert",
                        "evil",
                        "authorization",
                        "Basic x",
                        "content-length",
                        "4",
                        "host",
                        "evil.ns");
                wire.until(s -> s.startsWith("DATA 1"));
            }
            assertThat(app.requests().getLast()).endsWith("4\r\nbody\r\n0\r\nx-sum: 1\r\n\r\n");
        }
    }

    @Test
    void oneHostAndOneCookieComeToTheApplication() throws Exception {
        for (Door door : Door.values()) {
            try (H2Wire wire = new H2Wire(doors.port(door))) {
                wire.headers(
                        1,
                        true,
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/a?b",
                        ":authority",
                        Doors.HOST,
                        "host",
                        Doors.HOST,
                        "cookie",
                        "a=1",
                        "cookie",
                        "b=2",
                        "te",
                        "trailers",
                        "x_forwarded_client_cert",
                        "evil");
                wire.until(s -> s.startsWith("DATA 1"));
            }
            String seen = app.requests().getLast().toLowerCase();
            assertThat(seen).startsWith("get /a?b http/1.1\r\n");
            assertThat(seen).containsOnlyOnce("\r\nhost: server.ns:8080\r\n");
            assertThat(seen).containsOnlyOnce("\r\ncookie: a=1; b=2\r\n").doesNotContain("evil");
        }
    }
}
