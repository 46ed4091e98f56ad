package io.weft.testkit.lab.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket (RFC 6455): upgrades, hears the application's first message, sends the body as one
 * text message where there is one, and hears that back.
 */
final class WebSocketExchange {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final int TEXT = 0x1;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    private WebSocketExchange() {}

    static Incoming run(Wire wire, Outgoing request) throws IOException {
        List<Header> upgrade = new ArrayList<>();
        add(upgrade, request, "Upgrade", "websocket");
        add(upgrade, request, "Connection", "Upgrade");
        add(upgrade, request, "Sec-WebSocket-Key", KEY);
        add(upgrade, request, "Sec-WebSocket-Version", "13");
        Outgoing bodiless =
                new Outgoing(
                        request.protocol(),
                        request.method(),
                        request.path(),
                        request.authority(),
                        request.scheme(),
                        request.headers(),
                        null,
                        request.timeout());
        wire.write(Http1Exchange.head(bodiless, upgrade));
        Incoming answer = Http1Exchange.answer(wire, false);
        if (answer.status() == null || answer.status() != 101) {
            return answer;
        }
        try {
            String greeting = message(wire);
            String echoed = "";
            if (request.body() != null) {
                wire.write(frame(TEXT, request.body().getBytes(StandardCharsets.UTF_8)));
                echoed = message(wire);
            }
            wire.write(frame(CLOSE, new byte[] {0x03, (byte) 0xE8}));
            return Incoming.answer(101, answer.headers(), echoed, List.of()).greeted(greeting);
        } catch (IOException e) {
            return answer.broken(Failure.of(e));
        }
    }

    private static void add(List<Header> upgrade, Outgoing request, String name, String value) {
        if (!request.has(name)) {
            upgrade.add(new Header(name, value));
        }
    }

    private static byte[] frame(int opcode, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 1 << 16) {
            frame.write(0x80 | 126);
            frame.write(payload.length >>> 8);
            frame.write(payload.length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        byte[] mask = new byte[4];
        ThreadLocalRandom.current().nextBytes(mask);
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % 4]);
        }
        return frame.toByteArray();
    }

    /** The next whole message; answers pings on the way. */
    private static String message(Wire wire) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        while (true) {
            byte[] head = wire.exactly(2);
            int opcode = head[0] & 0x0F;
            byte[] payload = wire.exactly(length(wire, head[1] & 0x7F));
            if (opcode == CLOSE) {
                throw new java.io.EOFException("closed by the other end");
            }
            if (opcode == PING) {
                wire.write(frame(PONG, payload));
            } else if (opcode != PONG) {
                message.writeBytes(payload);
                if ((head[0] & 0x80) != 0) {
                    return message.toString(StandardCharsets.UTF_8);
                }
            }
        }
    }

    private static int length(Wire wire, int first) throws IOException {
        if (first < 126) {
            return first;
        }
        long length = 0;
        for (byte b : wire.exactly(first == 126 ? 2 : 8)) {
            length = length << 8 | b & 0xFF;
        }
        if (length < 0 || length > 64 << 20) {
            throw new Failure.BadAnswer("frame length: " + length);
        }
        return (int) length;
    }
}
