package io.weft.testkit.lab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream (RFC 9113) with prior knowledge, frame by frame; for gRPC one message each way
 * or as many as come. For one exchange.
 */
final class Http2Exchange {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 0x1;
    private static final int ACK = 0x1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;
    private static final int STREAM = 1;
    private static final int MAX_FRAME = 16 * 1024;
    private static final int LARGE_WINDOW = 16 << 20;
    private static final int FIRST_WINDOW = 65_535;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final Wire wire;
    private final Outgoing request;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private final ByteArrayOutputStream headerBlock = new ByteArrayOutputStream();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<Header> headers = new ArrayList<>();
    private final List<Header> trailers = new ArrayList<>();
    private @Nullable Integer status;
    private boolean ended;
    private @Nullable Failure failure;
    private long connectionWindow = FIRST_WINDOW;
    private long streamWindow = FIRST_WINDOW;
    private long initialWindow = FIRST_WINDOW;

    private record Frame(int type, int flags, int stream, byte[] payload) {
        boolean is(int flag) {
            return (flags & flag) != 0;
        }
    }

    Http2Exchange(Wire wire, Outgoing request) {
        this.wire = wire;
        this.request = request;
    }

    Incoming run() throws IOException {
        byte[] content = content();
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer settings = ByteBuffer.allocate(6);
        settings.putShort((short) INITIAL_WINDOW_SIZE).putInt(LARGE_WINDOW);
        first.writeBytes(frame(SETTINGS, 0, 0, settings.array()));
        first.writeBytes(
                frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(LARGE_WINDOW).array()));
        open(first, block(), content.length == 0);
        wire.write(first.toByteArray());
        try {
            send(content);
            while (!ended) {
                receive();
            }
        } catch (EOFException closed) {
            failure = Failure.CONNECTION_CLOSED;
        } catch (IOException e) {
            failure = Failure.of(e);
        }
        return answer();
    }

    /** The header block, in as many frames as it takes. */
    private static void open(ByteArrayOutputStream into, byte[] block, boolean end) {
        int sent = 0;
        do {
            int size = Math.min(MAX_FRAME, block.length - sent);
            byte[] part = java.util.Arrays.copyOfRange(block, sent, sent + size);
            boolean first = sent == 0;
            sent += size;
            int flags = (sent == block.length ? END_HEADERS : 0) | (first && end ? END_STREAM : 0);
            into.writeBytes(frame(first ? HEADERS : CONTINUATION, flags, STREAM, part));
        } while (sent < block.length);
    }

    private Incoming answer() {
        String text =
                request.protocol() == Protocol.GRPC
                        ? messages(body.toByteArray())
                        : body.toString(StandardCharsets.UTF_8);
        Incoming answer =
                status == null
                        ? Incoming.bytes(text, failure)
                        : Incoming.answer(status, headers, text, trailers);
        return failure == null ? answer : answer.broken(failure);
    }

    private byte[] content() {
        String text = request.body();
        if (request.protocol() != Protocol.GRPC) {
            return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] message = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** The texts of gRPC messages, one behind the other. */
    private static String messages(byte[] framed) {
        StringBuilder text = new StringBuilder();
        ByteBuffer left = ByteBuffer.wrap(framed);
        while (left.remaining() >= 5) {
            left.get();
            int length = left.getInt();
            if (length < 0 || length > left.remaining()) {
                break;
            }
            byte[] message = new byte[length];
            left.get(message);
            text.append(new String(message, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    private byte[] block() {
        boolean grpc = request.protocol() == Protocol.GRPC;
        Http2Headers block = new DefaultHttp2Headers(false);
        block.add(":method", request.method());
        block.add(":scheme", request.scheme());
        block.add(":path", utf8(request.path()));
        block.add(":authority", utf8(authority()));
        boolean both = request.has(":authority") && request.has("host");
        for (Header header : request.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!name.equals(":authority") && (both || !name.equals("host"))) {
                block.add(utf8(name), utf8(header.value()));
            }
        }
        if (grpc && !request.has("content-type")) {
            block.add("content-type", "application/grpc");
        }
        if (grpc && !request.has("te")) {
            block.add("te", "trailers");
        }
        ByteBuf encoded = Unpooled.buffer();
        try {
            new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE)
                    .encodeHeaders(STREAM, block, encoded);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException("headers: " + e.getMessage(), e);
        }
        byte[] bytes = new byte[encoded.readableBytes()];
        encoded.readBytes(bytes);
        return bytes;
    }

    /** The encoder takes a character for a byte. */
    private static CharSequence utf8(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.UTF_8), false);
    }

    private String authority() {
        List<String> given = request.values(":authority");
        if (given.isEmpty()) {
            given = request.values("host");
        }
        return given.isEmpty() ? request.authority() : given.getFirst();
    }

    private void send(byte[] content) throws IOException {
        int sent = 0;
        while (sent < content.length && !ended) {
            long window = Math.min(connectionWindow, streamWindow);
            if (window <= 0) {
                receive();
                continue;
            }
            int size = (int) Math.min(Math.min(window, MAX_FRAME), content.length - sent);
            byte[] part = java.util.Arrays.copyOfRange(content, sent, sent + size);
            sent += size;
            connectionWindow -= size;
            streamWindow -= size;
            wire.write(frame(DATA, sent == content.length ? END_STREAM : 0, STREAM, part));
        }
    }

    private void receive() throws IOException {
        Frame frame = read();
        switch (frame.type()) {
            case DATA -> data(frame);
            case HEADERS, CONTINUATION -> headers(frame);
            case RST_STREAM -> {
                if (frame.stream() == STREAM) {
                    ended = true;
                    // NO_ERROR after a whole answer only says that the rest of the request is moot.
                    failure = Failure.CONNECTION_RESET;
                }
            }
            case SETTINGS -> settings(frame);
            case PING -> {
                if (!frame.is(ACK)) {
                    wire.write(frame(PING, ACK, 0, frame.payload()));
                }
            }
            case GOAWAY -> {
                int last = ByteBuffer.wrap(frame.payload()).getInt() & 0x7FFFFFFF;
                if (last < STREAM) {
                    ended = true;
                    failure = Failure.CONNECTION_CLOSED;
                }
            }
            case WINDOW_UPDATE -> {
                int more = ByteBuffer.wrap(frame.payload()).getInt() & 0x7FFFFFFF;
                if (frame.stream() == 0) {
                    connectionWindow += more;
                } else {
                    streamWindow += more;
                }
            }
            default -> {
                // Unknown types are ignored (RFC 9113, 5.5).
            }
        }
    }

    private void data(Frame frame) throws IOException {
        int padding = frame.is(PADDED) ? 1 + (frame.payload()[0] & 0xFF) : 0;
        int start = frame.is(PADDED) ? 1 : 0;
        int length = frame.payload().length - padding;
        if (length < 0) {
            throw new Failure.BadAnswer("padding");
        }
        body.write(frame.payload(), start, length);
        if (frame.payload().length > 0) {
            byte[] more = ByteBuffer.allocate(4).putInt(frame.payload().length).array();
            wire.write(frame(WINDOW_UPDATE, 0, 0, more));
            if (!frame.is(END_STREAM)) {
                wire.write(frame(WINDOW_UPDATE, 0, STREAM, more));
            }
        }
        ended |= frame.is(END_STREAM);
    }

    private boolean endAfterBlock;

    private void headers(Frame frame) throws IOException {
        byte[] payload = frame.payload();
        int start = 0;
        int end = payload.length;
        if (frame.type() == HEADERS) {
            endAfterBlock = frame.is(END_STREAM);
            if (frame.is(PADDED)) {
                end -= payload[0] & 0xFF;
                start++;
            }
            if (frame.is(PRIORITY)) {
                start += 5;
            }
        }
        if (end < start) {
            throw new Failure.BadAnswer("padding");
        }
        headerBlock.write(payload, start, end - start);
        if (!frame.is(END_HEADERS)) {
            return;
        }
        Http2Headers block;
        try {
            block =
                    decoder.decodeHeaders(
                            STREAM, Unpooled.wrappedBuffer(headerBlock.toByteArray()));
        } catch (Http2Exception e) {
            throw new Failure.BadAnswer("headers: " + e.getMessage());
        }
        headerBlock.reset();
        take(block);
        ended |= endAfterBlock;
    }

    private void take(Http2Headers block) throws IOException {
        CharSequence answered = block.status();
        if (answered != null && status == null) {
            int number = Integer.parseInt(answered.toString());
            if (number < 200) {
                return;
            }
            status = number;
        }
        List<Header> into = answered == null ? trailers : headers;
        for (Map.Entry<CharSequence, CharSequence> each : block) {
            if (each.getKey().charAt(0) != ':') {
                into.add(new Header(each.getKey().toString(), each.getValue().toString()));
            }
        }
    }

    private void settings(Frame frame) throws IOException {
        if (frame.is(ACK)) {
            return;
        }
        ByteBuffer settings = ByteBuffer.wrap(frame.payload());
        while (settings.remaining() >= 6) {
            int id = settings.getShort();
            int value = settings.getInt();
            if (id == INITIAL_WINDOW_SIZE) {
                streamWindow += value - initialWindow;
                initialWindow = value;
            }
        }
        wire.write(frame(SETTINGS, ACK, 0, new byte[0]));
    }

    private Frame read() throws IOException {
        byte[] head = wire.exactly(9);
        ByteBuffer fields = ByteBuffer.wrap(head);
        int length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
        if (length > MAX_FRAME) {
            // An answer in another protocol looks like this, too.
            throw new Failure.BadAnswer("frame of " + length + " bytes");
        }
        return new Frame(
                head[3] & 0xFF,
                head[4] & 0xFF,
                fields.getInt(5) & 0x7FFFFFFF,
                wire.exactly(length));
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .put((byte) (payload.length >>> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }
}
