package io.weft.dataplane.listener;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a connection's first bytes say of its protocol. Reads without consuming. */
public final class FirstBytes {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_METHOD = 24;
    private static final int HANDSHAKE = 0x16;
    private static final int RECORD_HEADER = 5;

    private FirstBytes() {}

    /** What is spoken. */
    public enum Protocol {
        HTTP1,
        HTTP2,
        OPAQUE,
        /** More bytes are needed. */
        UNDECIDED
    }

    /** Tells HTTP/2's preface, a request line of HTTP/1.x, and everything else apart. */
    public static Protocol http(ByteBuf in) {
        int length = in.readableBytes();
        int start = in.readerIndex();
        int same = 0;
        while (same < length
                && same < PREFACE.length
                && in.getByte(start + same) == PREFACE[same]) {
            same++;
        }
        if (same == PREFACE.length) {
            return Protocol.HTTP2;
        }
        if (same == length) {
            return Protocol.UNDECIDED;
        }
        for (int i = 0; i < Math.min(length, LONGEST_METHOD); i++) {
            int c = in.getByte(start + i);
            if (c == ' ' && i > 0) {
                return requestTarget(in, start + i + 1, length - i - 1);
            }
            boolean letter = c >= 'A' && c <= 'Z' || c == '-' || c == '_';
            if (!letter) {
                return Protocol.OPAQUE;
            }
        }
        return length < LONGEST_METHOD ? Protocol.UNDECIDED : Protocol.OPAQUE;
    }

    private static Protocol requestTarget(ByteBuf in, int at, int left) {
        if (left == 0) {
            return Protocol.UNDECIDED;
        }
        int c = in.getByte(at);
        boolean target = c == '/' || c == '*' || c >= '0' && c <= '9' || c >= 'A' && c <= 'z';
        return target ? Protocol.HTTP1 : Protocol.OPAQUE;
    }

    /** Whether it is TLS; null while the bytes do not say. */
    public static @Nullable Boolean tls(ByteBuf in) {
        int length = in.readableBytes();
        int start = in.readerIndex();
        if (length == 0) {
            return null;
        }
        if (in.getUnsignedByte(start) != HANDSHAKE) {
            return false;
        }
        return length < 2 ? null : (Boolean) (in.getUnsignedByte(start + 1) == 3);
    }

    /** Whether a whole first TLS record is there. */
    public static boolean wholeRecord(ByteBuf in) {
        if (in.readableBytes() < RECORD_HEADER) {
            return false;
        }
        int record = in.getUnsignedShort(in.readerIndex() + 3);
        return in.readableBytes() >= RECORD_HEADER + record;
    }

    /** The server name of a ClientHello (RFC 6066) that lies in one record, null without one. */
    public static @Nullable String serverName(ByteBuf in) {
        try {
            return parseServerName(in.slice());
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static @Nullable String parseServerName(ByteBuf hello) {
        hello.skipBytes(RECORD_HEADER);
        if (hello.readUnsignedByte() != 1) {
            return null;
        }
        hello.skipBytes(3 + 2 + 32);
        hello.skipBytes(hello.readUnsignedByte());
        hello.skipBytes(hello.readUnsignedShort());
        hello.skipBytes(hello.readUnsignedByte());
        int end = hello.readUnsignedShort() + hello.readerIndex();
        while (hello.readerIndex() < end) {
            int type = hello.readUnsignedShort();
            int length = hello.readUnsignedShort();
            if (type != 0) {
                hello.skipBytes(length);
                continue;
            }
            hello.skipBytes(2);
            if (hello.readUnsignedByte() != 0) {
                return null;
            }
            int name = hello.readUnsignedShort();
            return hello.readCharSequence(name, StandardCharsets.US_ASCII)
                    .toString()
                    .toLowerCase(java.util.Locale.ROOT);
        }
        return null;
    }
}
