package io.weft.dataplane.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dataplane.testing.ByteApp;
import io.weft.dataplane.testing.Doors;
import io.weft.dataplane.testing.Doors.Door;
import io.weft.dataplane.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An application that answers with more than an answer: nobody gets what stands behind it. */
@Timeout(60)
class AnswerSmugglingTest {

    private static final String POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    private static final String LENGTH = "Content-Length: " + POISON.length() + "\r\n\r\n" + POISON;
    private static final String SECOND = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond";

    private static final String CLOSE = "\r\nConnection: close\r\n\r\n";

    /** The method of the request, and what comes to it. */
    private static final String[][] ANSWERS = {
        {"HEAD", "HTTP/1.1 200 OK\r\n" + LENGTH},
        {"HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2d\r\n" + POISON},
        {"GET", "HTTP/1.1 204 No Content\r\n" + LENGTH},
        {"GET", "HTTP/1.1 304 Not Modified\r\n" + LENGTH},
        {"GET", "HTTP/1.1 304 Not Modified\r\n\r\n" + POISON},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" + POISON},
        {"GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n" + POISON},
        {"GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n" + POISON}
    };

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: " + Doors.HOST + "\r\n\r\n";
    }

    @Test
    void nobodyGetsWhatStandsBehindAnAnswer() throws Exception {
        try (Doors doors = new Doors()) {
            for (String[] row : ANSWERS) {
                doors.app.behave((request, connection) ->
                        ByteApp.say(connection, request.contains(" /first ") ? row[1] : SECOND));
                for (Door door : Door.values()) {
                    String where = door + " " + row[0] + " " + row[1];
                    try (Wire wire = doors.wire(door)) {
                        wire.send(request(row[0], "/first"));
                        assertThat(wire.reply(true).status()).as(where).isBetween(100, 599);
                    }
                    for (int i = 0; i < 3; i++) {
                        try (Wire next = doors.wire(door)) {
                            Wire.Reply reply = next.send(request("GET", "/next")).reply();
                            assertThat(reply.body()).as(where).isNotEqualTo("poison");
                            assertThat(reply.status()).as(where).isIn(200, 502, 503);
                        }
                    }
                }
            }
        }
    }

    @Test
    void onOneConnectionTheNextAnswerIsTheNextRequests() throws Exception {
        try (Doors doors = new Doors()) {
            for (String[] row : ANSWERS) {
                doors.app.behave((request, connection) ->
                        ByteApp.say(connection, request.contains(" /first ") ? row[1] : SECOND));
                for (Door door : Door.values()) {
                    try (Wire wire = doors.wire(door)) {
                        String last = request("GET", "/next").replace("\r\n\r\n", CLOSE);
                        wire.send(request(row[0], "/first") + last);
                        assertThat(wire.readAll())
                                .as("%s %s", door, row[1])
                                .doesNotContain("poison");
                    }
                }
            }
        }
    }
}
