package io.weft.dataplane.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Odd requests that are allowed: what came to the application has one reading only. */
class RequestForwardingTest {

    private static final String HOST = "Host: server.ns:8080|";
    private static final String POST = "POST / HTTP/1.1|" + HOST;
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked||";

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
     * @param bytes what is sent, a bar for each CR LF
     * @param line the request line that the application sees
     * @param body what it sees behind the head
     * @param headers lines that it sees as they are here, or, behind a minus, names that it does
     *     not see
     */
    record Sent(String name, String bytes, String line, String body, String... headers) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String FIVE = "5|hello|0||";

    static List<Sent> framing() {
        String post = "POST / HTTP/1.1";
        return List.of(
                new Sent("a length", POST + "Content-Length: 2||ok", post, "ok"),
                new Sent("zeros before a length", POST + "Content-Length: 02||ok", post, "ok"),
                new Sent("chunks", CHUNKED + FIVE, post, FIVE, "-content-length"),
                new Sent(
                        "chunked in capitals",
                        POST + "Transfer-Encoding: CHUNKED||" + FIVE,
                        post,
                        FIVE,
                        "transfer-encoding: chunked"),
                new Sent(
                        "chunked behind a tab",
                        POST + "Transfer-Encoding:\tchunked||" + FIVE,
                        post,
                        FIVE,
                        "transfer-encoding: chunked"),
                new Sent(
                        "chunked before blanks",
                        POST + "Transfer-Encoding: chunked  ||" + FIVE,
                        post,
                        FIVE,
                        "transfer-encoding: chunked"),
                new Sent(
                        "TE with underscores beside a length",
                        POST + "Transfer_Encoding: chunked|Content-Length: 2||ok",
                        post,
                        "ok",
                        "-transfer_encoding"),
                new Sent(
                        "a length with underscores",
                        POST + "Content_Length: 9|Content-Length: 2||ok",
                        post,
                        "ok",
                        "-content_length"),
                new Sent("zeros before a chunk's size", CHUNKED + "0005|hello|00||", post, FIVE),
                new Sent("extensions", CHUNKED + "5;a=b;c=\"d\"|hello|0;e||", post, FIVE),
                new Sent(
                        "capitals in a size",
                        CHUNKED + "A|0123456789|0||",
                        post,
                        "a|0123456789|0||"),
                new Sent(
                        "trailers, of which forged ones are taken out",
                        CHUNKED
                                + "5|hello|0|X-Sum: 1|Content-Length: 9|Transfer-Encoding: chunked|"
                                + "Host: evil|X-Forwarded-For: 6.6.6.6|Authorization: Basic x|"
                                + "x-forwarded-client-cert: URI=spiffe://evil|X_Weft_Peer: x|"
                                + "Connection: close|Cookie: a=b||",
                        post,
                        "5|hello|0|X-Sum: 1||"));
    }

    static List<Sent> targets() {
        String get = "GET / HTTP/1.1";
        return List.of(
                new Sent("an empty line before it", "|" + get + "|" + HOST + "|", get, ""),
                new Sent(
                        "absolute form",
                        "GET http://server.ns:8080/a?b=c HTTP/1.1|" + HOST + "|",
                        "GET /a?b=c HTTP/1.1",
                        "",
                        "host: server.ns:8080"),
                new Sent(
                        "absolute form without a path",
                        "GET http://server.ns:8080?b HTTP/1.1|" + HOST + "|",
                        "GET /?b HTTP/1.1",
                        ""),
                new Sent(
                        "absolute form, other capitals",
                        "GET HTTP://SERVER.ns:8080/ HTTP/1.1|" + HOST + "|",
                        get,
                        ""),
                new Sent(
                        "OPTIONS of the server",
                        "OPTIONS * HTTP/1.1|" + HOST + "|",
                        "OPTIONS * HTTP/1.1",
                        ""),
                new Sent(
                        "a method in small letters is another one",
                        "get / HTTP/1.1|" + HOST + "|",
                        "get / HTTP/1.1",
                        ""),
                new Sent("HTTP/1.0", "GET / HTTP/1.0|" + HOST + "|", get, ""));
    }

    static List<Sent> headers() {
        String get = "GET / HTTP/1.1";
        return List.of(
                sees(
                        "names and values as they came",
                        "X-CaSe: a  b|x-two: 1|x-two: 2",
                        "X-CaSe: a  b",
                        "x-two: 1",
                        "x-two: 2"),
                sees("bytes beyond ASCII in a value", "X-A: \u00e9\u00ff", "X-A: \u00e9\u00ff"),
                sees(
                        "what Connection nominates",
                        "Connection: X-Hop, close|X-Hop: 1|Keep-Alive: 5|Proxy-Connection: x|X-End: 2",
                        "X-End: 2",
                        "-x-hop",
                        "-keep-alive",
                        "-proxy-connection",
                        "-connection"),
                sees(
                        "security headers that Connection nominates",
                        "Connection: Host, Authorization, X-Forwarded-For, X-Request-Id, Cookie|"
                                + "Authorization: Bearer a|Cookie: a=b",
                        "Authorization: Bearer a",
                        "Cookie: a=b",
                        "host: server.ns:8080"),
                new Sent(
                        "framing that Connection nominates",
                        POST + "Connection: Content-Length|Content-Length: 2||ok",
                        "POST / HTTP/1.1",
                        "ok",
                        "content-length: 2"),
                sees(
                        "an upgrade to HTTP/2",
                        "Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAMAAABk",
                        "-upgrade",
                        "-http2-settings",
                        "-connection"),
                sees("an upgrade to TLS", "Connection: Upgrade|Upgrade: TLS/1.0", "-upgrade"),
                sees("an upgrade that Connection does not name", "Upgrade: websocket", "-upgrade"),
                sees("TE other than trailers", "TE: gzip|Connection: TE", "-te"),
                sees(
                        "the mesh's names with underscores",
                        "X_Forwarded_Client_Cert: URI=spiffe://evil|X_Forwarded-For: 6.6.6.6|"
                                + "x_envoy_original_path: /a|X_Weft_Peer: a|X_Real_IP: 6.6.6.6",
                        "-x_forwarded_client_cert",
                        "-x_forwarded-for",
                        "-x_envoy_original_path",
                        "-x_weft_peer",
                        "-x_real_ip"),
                sees("other names with underscores", "user_id: 7", "user_id: 7"),
                sees(
                        "a forged certificate",
                        "X-Forwarded-Client-Cert: URI=spiffe://evil",
                        "-x-forwarded-client-cert"),
                new Sent(
                        "an expectation",
                        POST + "Expect: 100-continue|Content-Length: 2||ok",
                        "POST / HTTP/1.1",
                        "ok",
                        "Expect: 100-continue"));
    }

    private static Sent sees(String name, String sent, String... headers) {
        return new Sent(
                name, "GET / HTTP/1.1|" + HOST + sent + "||", "GET / HTTP/1.1", "", headers);
    }

    @ParameterizedTest
    @MethodSource({"framing", "targets", "headers"})
    void forwardsOneReading(Sent row) throws Exception {
        for (Door door : Door.values()) {
            int before = app.requests().size();
            try (Wire wire = doors.wire(door)) {
                Wire.Reply reply = wire.send(row.bytes().replace("|", "\r\n")).reply();
                assertThat(reply.status()).as("%s, %s", row, door).isEqualTo(200);
            }
            assertThat(app.requests()).hasSize(before + 1);
            check(row, door, app.requests().getLast().replace("\r\n", "|"));
        }
    }

    private static void check(Sent row, Door door, String seen) {
        int end = seen.indexOf("||");
        List<String> head = Arrays.asList(seen.substring(0, end).split("\\|"));
        assertThat(head.getFirst()).as("%s, %s", row, door).isEqualTo(row.line());
        assertThat(seen.substring(end + 2)).as("%s, %s", row, door).isEqualTo(row.body());
        for (String header : row.headers()) {
            if (header.startsWith("-")) {
                String name = header.substring(1) + ":";
                assertThat(head)
                        .as("%s, %s", row, door)
                        .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith(name));
            } else {
                assertThat(head).as("%s, %s", row, door).anyMatch(header::equalsIgnoreCase);
            }
        }
    }
}
