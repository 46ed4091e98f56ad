package io.weft.dataplane.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * HTTP/2 written byte by byte, so that nothing keeps a test from sending what may not be sent. What
 * comes back is told as texts: {@code HEADERS 1 200}, {@code DATA 1 ok}, {@code RST 1 8}, {@code
 * GOAWAY 11}, {@code CLOSED}.
 */
public final class H2Wire implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    public H2Wire(int port) throws IOException {
        this(port, new byte[0]);
    }

    /** With a payload of the first SETTINGS. */
    public H2Wire(int port, byte[] settings) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(5_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, settings);
    }

    /** Sends a frame; its length is that of the payload. */
    public H2Wire frame(int type, int flags, int stream, byte... payload) throws IOException {
        socket.getOutputStream().write(bytes(type, flags, stream, payload));
        return this;
    }

    /** Sends bytes as they are. */
    public void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public static byte[] bytes(int type, int flags, int stream, byte... payload) {
        byte[] all = new byte[9 + payload.length];
        all[0] = (byte) (payload.length >> 16);
        all[1] = (byte) (payload.length >> 8);
        all[2] = (byte) payload.length;
        all[3] = (byte) type;
        all[4] = (byte) flags;
        putInt(all, 5, stream);
        System.arraycopy(payload, 0, all, 9, payload.length);
        return all;
    }

    public static byte[] number(int value) {
        byte[] four = new byte[4];
        putInt(four, 0, value);
        return four;
    }

    private static void putInt(byte[] to, int at, int value) {
        for (int i = 0; i < 4; i++) {
            to[at + i] = (byte) (value >> 24 - 8 * i);
        }
    }

    /** Sends a request's head; names and values in turn. */
    public H2Wire headers(int stream, boolean end, String... pairs) throws IOException {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(pairs));
    }

    public H2Wire data(int stream, boolean end, String text) throws IOException {
        return frame(
                DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A header block of literals that are not indexed (RFC 7541 §6.2.2). */
    public static byte[] block(String... pairs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < pairs.length; i += 2) {
            out.write(0);
            string(out, pairs[i]);
            string(out, pairs[i + 1]);
        }
        return out.toByteArray();
    }

    public static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = bytes.length;
        if (length < 127) {
            out.write(length);
        } else {
            out.write(127);
            for (length -= 127; length >= 128; length >>= 7) {
                out.write(length & 127 | 128);
            }
            out.write(length);
        }
        out.writeBytes(bytes);
    }

    /** What comes back until something fits, that included, or the connection ends. */
    public List<String> until(Predicate<String> fits) throws IOException {
        List<String> all = new ArrayList<>();
        while (true) {
            String next = next();
            all.add(next);
            if (fits.test(next) || next.equals("CLOSED")) {
                return all;
            }
        }
    }

    /** The next frame that is neither SETTINGS nor their acknowledgement. */
    public String next() throws IOException {
        while (true) {
            int length;
            try {
                length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            } catch (EOFException e) {
                return "CLOSED";
            } catch (java.net.SocketException e) {
                return "CLOSED";
            }
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            String text = text(type, flags, stream, payload);
            if (!text.isEmpty()) {
                return text;
            }
        }
    }

    private String text(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuf bytes = Unpooled.wrappedBuffer(payload);
        return switch (type) {
            case DATA -> "DATA " + stream + " " + bytes.toString(StandardCharsets.ISO_8859_1);
            case HEADERS -> {
                try {
                    var head = hpack.decodeHeaders(stream, bytes);
                    yield "HEADERS "
                            + stream
                            + " "
                            + (head.status() == null ? head : head.status());
                } catch (Http2Exception e) {
                    throw new IOException(e);
                }
            }
            case RST -> "RST " + stream + " " + bytes.readInt();
            case 7 -> "GOAWAY " + bytes.getInt(4);
            case PING -> (flags & 1) == 1 ? "PONG" : "PING";
            default -> "";
        };
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
