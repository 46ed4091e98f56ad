package io.weft.testkit.lab.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param status null when no HTTP answer came
 * @param error null when all went well
 * @param greeting the first message of a WebSocket, which the application sends by itself
 * @param localPort from which the client connected, 0 when it did not get that far
 */
public record Incoming(
        @Nullable Integer status,
        @Nullable Failure error,
        List<Header> headers,
        String body,
        List<Header> trailers,
        @Nullable String greeting,
        int localPort) {

    public Incoming {
        headers = List.copyOf(headers);
        trailers = List.copyOf(trailers);
    }

    static Incoming failed(Failure failure) {
        return new Incoming(null, failure, List.of(), "", List.of(), null, 0);
    }

    static Incoming bytes(String body, @Nullable Failure failure) {
        return new Incoming(null, failure, List.of(), body, List.of(), null, 0);
    }

    static Incoming answer(int status, List<Header> headers, String body, List<Header> trailers) {
        return new Incoming(status, null, headers, body, trailers, null, 0);
    }

    Incoming from(int port) {
        return new Incoming(status, error, headers, body, trailers, greeting, port);
    }

    Incoming greeted(String first) {
        return new Incoming(status, error, headers, body, trailers, first, localPort);
    }

    Incoming broken(Failure failure) {
        return new Incoming(status, failure, headers, body, trailers, greeting, localPort);
    }

    /** The first value of a header, whatever its case; null without. */
    public @Nullable String header(String name) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return null;
    }
}
