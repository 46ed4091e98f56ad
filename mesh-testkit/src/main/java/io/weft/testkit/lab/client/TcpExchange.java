package io.weft.testkit.lab.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Opaque bytes: sends the body and reads until the other end closes or falls silent. */
final class TcpExchange {

    private static final int SILENCE_MILLIS = 150;

    /** For a server that speaks first, or does not speak at all. */
    private static final int FIRST_BYTE_MILLIS = 700;

    private TcpExchange() {}

    static Incoming run(Wire wire, Outgoing request) throws IOException {
        String body = request.body() == null ? "" : request.body();
        if (!body.isEmpty()) {
            wire.write(body);
        }
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        Failure failure = null;
        try {
            int patience = body.isEmpty() ? FIRST_BYTE_MILLIS : Integer.MAX_VALUE;
            while (true) {
                byte[] some = wire.some(patience);
                if (some.length == 0) {
                    break;
                }
                received.writeBytes(some);
                patience = SILENCE_MILLIS;
            }
            if (received.size() == 0 && !body.isEmpty()) {
                failure = Failure.TIMEOUT;
            }
        } catch (EOFException closed) {
            failure = received.size() == 0 ? Failure.CONNECTION_CLOSED : null;
        } catch (IOException e) {
            failure = received.size() == 0 ? Failure.of(e) : null;
        }
        return Incoming.bytes(received.toString(StandardCharsets.UTF_8), failure);
    }
}
