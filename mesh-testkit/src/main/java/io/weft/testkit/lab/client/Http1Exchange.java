package io.weft.testkit.lab.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One HTTP/1.1 exchange (RFC 9112), the request as it is given. */
final class Http1Exchange {

    private static final int MAX_BODY = 64 << 20;

    private Http1Exchange() {}

    static Incoming run(Wire wire, Outgoing request) throws IOException {
        wire.write(head(request, List.of()) + (request.body() == null ? "" : request.body()));
        return answer(wire, request.method().equals("HEAD"));
    }

    /** The request line and headers; {@code Host} first where the headers do not have it. */
    static String head(Outgoing request, List<Header> more) {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
        if (!request.has("host") && !request.has(":authority")) {
            head.append("Host: ").append(request.authority()).append("\r\n");
        }
        for (Header header : request.headers()) {
            String name = header.name().equals(":authority") ? "Host" : header.name();
            head.append(name).append(": ").append(header.value()).append("\r\n");
        }
        for (Header header : more) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        String body = request.body();
        if (body != null && !request.has("content-length") && !request.has("transfer-encoding")) {
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    /** The final answer; informational ones before it are passed over, but not 101. */
    static Incoming answer(Wire wire, boolean head) throws IOException {
        while (true) {
            String line = wire.line();
            if (line == null) {
                throw new EOFException("closed before the answer");
            }
            int status = status(line);
            List<Header> headers = headers(wire);
            if (status == 101) {
                return Incoming.answer(status, headers, "", List.of());
            }
            if (status >= 200) {
                return withBody(wire, status, headers, head);
            }
        }
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
            throw new Failure.BadAnswer("no status line: " + line);
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static List<Header> headers(Wire wire) throws IOException {
        List<Header> headers = new ArrayList<>();
        while (true) {
            String line = wire.line();
            if (line == null) {
                throw new EOFException("closed in the headers");
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Failure.BadAnswer("no header: " + line);
            }
            headers.add(new Header(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
    }

    private static Incoming withBody(Wire wire, int status, List<Header> headers, boolean head)
            throws IOException {
        Incoming answer = Incoming.answer(status, headers, "", List.of());
        if (head || status == 204 || status == 304) {
            return answer;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<Header> trailers = List.of();
        Failure failure = null;
        try {
            String coding = answer.header("transfer-encoding");
            String length = answer.header("content-length");
            if (coding != null && coding.toLowerCase(java.util.Locale.ROOT).contains("chunked")) {
                trailers = chunks(wire, body);
            } else if (length != null) {
                body.writeBytes(wire.exactly(number(length, 10)));
            } else {
                body.writeBytes(wire.rest());
            }
        } catch (IOException e) {
            failure = Failure.of(e);
        }
        Incoming whole =
                Incoming.answer(status, headers, body.toString(StandardCharsets.UTF_8), trailers);
        return failure == null ? whole : whole.broken(failure);
    }

    private static List<Header> chunks(Wire wire, ByteArrayOutputStream body) throws IOException {
        while (true) {
            String line = wire.line();
            if (line == null) {
                throw new EOFException("closed in the body");
            }
            int semicolon = line.indexOf(';');
            int size = number(semicolon < 0 ? line : line.substring(0, semicolon), 16);
            if (size == 0) {
                return headers(wire);
            }
            body.writeBytes(wire.exactly(size));
            wire.exactly(2);
        }
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int number = Integer.parseInt(text.strip(), radix);
            if (number >= 0 && number <= MAX_BODY) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new Failure.BadAnswer("length: " + text);
    }
}
