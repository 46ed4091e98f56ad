package io.weft.dataplane.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.RecordingLog;
import io.weft.dataplane.testing.Wire;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two readers could read in two ways, sent byte for byte to each listener. The oracle
 * is what came to the application. Behind each refused request follows one that must not be
 * answered.
 */
class RequestSmugglingTest {

    private static final String HOST = "Host: server.ns:8080|";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1|" + HOST + "|";

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

    /**
     * @param bytes the request, a bar for each CR LF
     * @param cause what the log must say of it
     */
    record Refused(String name, String bytes, int status, String cause) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Refused head(String name, String startLine, String headers, String cause) {
        return new Refused(name, startLine + "|" + headers + "|", 400, cause);
    }

    private static Refused get(String name, String header, String cause) {
        return head(name, "GET / HTTP/1.1", HOST + header + "|", cause);
    }

    private static Refused post(String name, String headers, String cause) {
        return new Refused(name, "POST / HTTP/1.1|" + HOST + headers + "||0||", 400, cause);
    }

    private static Refused host(String name, String value) {
        return head(name, "GET / HTTP/1.1", "Host: " + value + "|", "host");
    }

    static List<Refused> framing() {
        String chunked = "Transfer-Encoding: chunked";
        return List.of(
                post("CL.TE", "Content-Length: 5|" + chunked, "both"),
                post("TE.CL", chunked + "|Content-Length: 5", "both"),
                post("TE with an empty CL", chunked + "|Content-Length:", ""),
                post("CL.CL, other", "Content-Length: 5|Content-Length: 6", "ontent"),
                post("CL.CL, same", "Content-Length: 5|Content-Length: 5", "ontent"),
                post("CL list, other", "Content-Length: 5, 6", "ontent"),
                post("CL list, same", "Content-Length: 5, 5", "ontent"),
                post("CL with a plus", "Content-Length: +5", ""),
                post("CL with 0x", "Content-Length: 0x5", ""),
                post("CL negative", "Content-Length: -1", ""),
                post("CL with a blank inside", "Content-Length: 1 0", ""),
                post("CL with an underscore", "Content-Length: 1_0", ""),
                post("CL with a point", "Content-Length: 5.0", ""),
                post("CL beyond 64 bits", "Content-Length: 18446744073709551621", ""),
                post("CL with other digits", "Content-Length: \u00b2", ""),
                post("CL empty", "Content-Length:", ""),
                post("TE in another word", "Transfer-Encoding: xchunked", ""),
                post("TE twice", chunked + "|" + chunked, ""),
                post("TE twice, the second odd", chunked + "|Transfer-Encoding: cow", ""),
                post("TE twice, the first odd", "Transfer-Encoding: cow|" + chunked, ""),
                post("TE list, identity last", "Transfer-Encoding: chunked, identity", ""),
                post("TE list, identity first", "Transfer-Encoding: identity, chunked", ""),
                post("TE list, chunked twice", "Transfer-Encoding: chunked, chunked", ""),
                post("TE with a comma behind", "Transfer-Encoding: chunked,", ""),
                post("TE with a comma before", "Transfer-Encoding: ,chunked", ""),
                post("TE quoted", "Transfer-Encoding: \"chunked\"", ""),
                post("TE with a parameter", "Transfer-Encoding: chunked;q=1", ""),
                post("TE with a vertical tab", "Transfer-Encoding: \u000bchunked", ""),
                post("TE with a form feed behind", "Transfer-Encoding: chunked\f", ""),
                post("TE with a NUL behind", "Transfer-Encoding: chunked\0", ""),
                post("TE identity", "Transfer-Encoding: identity", ""),
                post("TE gzip", "Transfer-Encoding: gzip", ""),
                post("TE empty", "Transfer-Encoding:", ""),
                post("TE with a blank before the colon", "Transfer-Encoding : chunked", ""),
                post("TE with a tab before the colon", "Transfer-Encoding\t: chunked", ""),
                post("TE behind a blank", " Transfer-Encoding: chunked", ""),
                post("TE folded", "Transfer-Encoding:| chunked", ""),
                post("TE behind a folded line", "X-A: b| Transfer-Encoding: chunked", ""),
                post("TE behind a bare CR", "X-A: b\rTransfer-Encoding: chunked", ""),
                post("TE behind a bare LF", "X-A: b\nTransfer-Encoding: chunked", ""),
                head(
                        "TE in HTTP/1.0",
                        "POST / HTTP/1.0",
                        HOST + "Transfer-Encoding: chunked|",
                        "HTTP/1.1 or newer"));
    }

    static List<Refused> fields() {
        return List.of(
                get("folded by a blank", "X-A: 1| folded", "folded"),
                get("folded by a tab", "X-A: 1|\tfolded", "folded"),
                get("the first line folded", " X-A: 1", ""),
                get("NUL in a name", "X\0A: 1", ""),
                get("NUL in a value", "X-A: a\0b", ""),
                get("CR in a value", "X-A: a\rb", ""),
                get("CR in a name", "X\rA: b", ""),
                get("CR before the end", "X-A: a\r", ""),
                get("LF in place of CR LF", "X-A: a\nX-B: b", ""),
                get("DEL in a name", "X\u007fA: 1", ""),
                get("a control character in a value", "X-A: a\u0001b", ""),
                get("DEL in a value", "X-A: a\u007fb", ""),
                get("vertical tab in a value", "X-A: a\u000bb", ""),
                get("a blank before the colon", "X-A : 1", ""),
                get("a tab before the colon", "X-A\t: 1", ""),
                get("a blank in the name", "X A: 1", ""),
                get("a bracket in the name", "X(A: 1", ""),
                get("a slash in the name", "X/A: 1", ""),
                get("a letter beyond ASCII in the name", "X\u00e9: 1", ""),
                get("an empty name", ": 1", ""),
                get("no colon", "nothing", ""),
                get("a request line among the headers", "GET /smuggled HTTP/1.1", ""),
                new Refused(
                        "LF at the end of all lines",
                        "GET / HTTP/1.1\nHost: server.ns:8080\n\n",
                        400,
                        ""),
                new Refused(
                        "too many headers",
                        "GET / HTTP/1.1|" + HOST + "X-M: a|".repeat(200) + "|",
                        431,
                        "headers"),
                new Refused(
                        "a header too large",
                        "GET / HTTP/1.1|" + HOST + "X-Big: " + "a".repeat(70_000) + "||",
                        431,
                        ""),
                new Refused(
                        "a block too large",
                        "GET / HTTP/1.1|" + HOST + ("X-Big: " + "a".repeat(999) + "|").repeat(70),
                        431,
                        ""));
    }

    static List<Refused> startLines() {
        return List.of(
                head("blank before the method", " GET / HTTP/1.1", HOST, ""),
                head("two blanks behind the method", "GET  / HTTP/1.1", HOST, ""),
                head("two blanks behind the target", "GET /  HTTP/1.1", HOST, ""),
                head("a tab behind the method", "GET\t/ HTTP/1.1", HOST, ""),
                head("a tab behind the target", "GET /\tHTTP/1.1", HOST, ""),
                head("a blank at the end", "GET / HTTP/1.1 ", HOST, ""),
                head("a blank in the target", "GET /a b HTTP/1.1", HOST, ""),
                head("no version", "GET /", HOST, ""),
                head("no target", "GET HTTP/1.1", HOST, ""),
                head("a CR in the line", "GET /\r HTTP/1.1", HOST, ""),
                head("a NUL in the target", "GET /\0 HTTP/1.1", HOST, ""),
                head("a NUL in the method", "G\0T / HTTP/1.1", HOST, ""),
                head("a bracket in the method", "G(T / HTTP/1.1", HOST, ""),
                head("a colon in the method", "GET: / HTTP/1.1", HOST, ""),
                head("a letter beyond ASCII in the method", "G\u00c9T / HTTP/1.1", HOST, ""),
                head("version in small letters", "GET / http/1.1", HOST, ""),
                head("version 2", "GET / HTTP/2.0", HOST, ""),
                head("version 1.2", "GET / HTTP/1.2", HOST, ""),
                head("version 0.9", "GET / HTTP/0.9", HOST, ""),
                head("version with two digits", "GET / HTTP/1.10", HOST, ""),
                head("version with a leading zero", "GET / HTTP/01.1", HOST, ""),
                head("version without a point", "GET / HTTP/11", HOST, ""),
                head("another protocol", "GET / ICAP/1.0", HOST, ""),
                head("a fragment", "GET /a#b HTTP/1.1", HOST, ""),
                head("a star with GET", "GET * HTTP/1.1", HOST, ""),
                head("authority form with GET", "GET server.ns:8080 HTTP/1.1", HOST, ""),
                head("a target without a slash", "GET a/b HTTP/1.1", HOST, ""),
                head("another scheme", "GET ftp://server.ns:8080/ HTTP/1.1", HOST, ""),
                head("absolute form, another host", "GET http://evil.ns:8080/ HTTP/1.1", HOST, ""),
                head("absolute form, another port", "GET http://server.ns:81/ HTTP/1.1", HOST, ""),
                head("absolute form, a user", "GET http://u@server.ns:8080/ HTTP/1.1", HOST, ""),
                head("absolute form, no host", "GET http:///a HTTP/1.1", HOST, ""),
                head(
                        "absolute form, a fragment",
                        "GET http://server.ns:8080/#a HTTP/1.1",
                        HOST,
                        ""),
                head("absolute form without Host", "GET http://server.ns:8080/ HTTP/1.1", "", ""),
                head("CONNECT to a path", "CONNECT / HTTP/1.1", HOST, ""),
                head("CONNECT, another host", "CONNECT evil.ns:80 HTTP/1.1", HOST, ""),
                head(
                        "CONNECT with a length",
                        "CONNECT server.ns:8080 HTTP/1.1",
                        HOST + "Content-Length: 5|",
                        ""),
                head(
                        "CONNECT with chunks",
                        "CONNECT server.ns:8080 HTTP/1.1",
                        HOST + "Transfer-Encoding: chunked|",
                        ""),
                new Refused(
                        "a target too long",
                        "GET /" + "a".repeat(20_000) + " HTTP/1.1|" + HOST + "|",
                        414,
                        ""),
                new Refused("no HTTP at all", "\u0001\u0002\u0003\u0004||||", 400, ""));
    }

    static List<Refused> hosts() {
        return List.of(
                head("no host", "GET / HTTP/1.1", "", "host"),
                host("empty", ""),
                host("doubled, other", "server.ns:8080|Host: evil.ns"),
                host("doubled, same", "server.ns:8080|Host: server.ns:8080"),
                host("a list", "server.ns:8080, evil.ns"),
                host("a user", "user@server.ns:8080"),
                host("two ports", "server.ns:80:80"),
                host("a port of letters", "server.ns:http"),
                host("a port too large", "server.ns:65536"),
                host("a port with a plus", "server.ns:+80"),
                host("only a port", ":8080"),
                host("a path", "server.ns:8080/"),
                host("a query", "server.ns?x"),
                host("a fragment", "server.ns#x"),
                host("a backslash", "server.ns\\x"),
                host("a blank", "server.ns :8080"),
                host("a tab", "server.ns\tevil"),
                host("a quote", "server.ns\"x"),
                host("an escape", "server%2ens:8080"),
                host("a star", "*"),
                host("IPv6 without brackets", "::1"),
                host("IPv6 that does not end", "[::1"),
                host("IPv6 with something behind", "[::1]x"),
                host("brackets around nothing", "[]:8080"),
                host("beyond ASCII", "s\u00e9rver.ns:8080"),
                host("too long", "a".repeat(400)),
                host("empty labels", "server..ns:8080"),
                host("a point in front", ".server.ns:8080"));
    }

    static Stream<Refused> refused() {
        return Stream.of(framing(), fields(), startLines(), hosts()).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAndShowsTheApplicationNothing(Refused row) throws Exception {
        String bytes = (row.bytes() + SMUGGLED).replace("|", "\r\n");
        for (Door door : Door.values()) {
            long before = app.bytes();
            int lines = doors.log(door).lines().size();
            String answer;
            try (Wire wire = doors.wire(door)) {
                answer = wire.send(bytes).readAll();
            }
            String where = row.name() + ", " + door;
            assertThat(answer).as(where).startsWith("HTTP/1.1 " + row.status() + " ");
            assertThat(answer.substring(1))
                    .as("second answer: " + where)
                    .doesNotContainPattern("HTTP/1.1 \\d");
            RecordingLog.Line line = doors.log(door).await(lines + 1);
            assertThat(line.flags()).as(where).isEqualTo("DPE");
            assertThat(line.details()).as(where).isNotEmpty();
            assertThat(line.failure()).as(where).isNotEmpty().contains(row.cause());
            assertThat(app.bytes()).as("seen by the application: " + where).isEqualTo(before);
        }
    }
}
