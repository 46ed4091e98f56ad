package io.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * HTTP/2 with prior knowledge (RFC 9113). Header blocks are encoded once, without the dynamic
 * table; of answers only {@code :status 200} (index 8 of RFC 7541's static table) is understood.
 */
final class H2Connection extends LoadConnection {

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_HEAD = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int STATUS_200 = 0x88;
    private static final int WINDOW = 1 << 30;
    private static final int LAST_STREAM = Integer.MAX_VALUE - 2;

    private final byte[] block;
    private final int streams;
    private final Map<Integer, Long> due = new HashMap<>();
    private final ByteBuf pending = Unpooled.buffer(4096);
    private int nextStream = 1;
    private long consumed;

    H2Connection(Load load, Target target, int streams) {
        super(load);
        this.streams = streams;
        this.block = block(target);
    }

    private static byte[] block(Target target) {
        ByteBuf out = Unpooled.buffer();
        out.writeByte(0x82); // :method GET
        out.writeByte(0x86); // :scheme http
        literal(out, 4, target.path());
        literal(out, 1, target.authority());
        literal(out, 58 - 15, "weft-benchmark");
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    /** A literal without indexing; a rest above 0 marks an index of 15 or more. */
    private static void literal(ByteBuf out, int index, String value) {
        if (index < 15) {
            out.writeByte(index);
        } else {
            out.writeByte(15).writeByte(index);
        }
        out.writeByte(value.length()).writeCharSequence(value, StandardCharsets.US_ASCII);
    }

    private static void frame(ByteBuf out, int length, int type, int flags, int stream) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
    }

    @Override
    int begin() {
        ByteBuf out = buffer(128).writeBytes(PREFACE);
        frame(out, 6, SETTINGS, 0, 0);
        out.writeShort(4).writeInt(WINDOW); // SETTINGS_INITIAL_WINDOW_SIZE
        frame(out, 4, WINDOW_UPDATE, 0, 0);
        out.writeInt(WINDOW);
        write(out);
        return streams;
    }

    @Override
    int underWay() {
        return due.size();
    }

    @Override
    void send(long dueAt) {
        if (nextStream >= LAST_STREAM) {
            close();
            return;
        }
        due.put(nextStream, dueAt);
        ByteBuf out = buffer(FRAME_HEAD + block.length);
        frame(out, block.length, HEADERS, END_STREAM | END_HEADERS, nextStream);
        nextStream += 2;
        write(out.writeBytes(block));
    }

    @Override
    boolean read(ByteBuf bytes) {
        if (!pending.isReadable()) {
            boolean alive = frames(bytes);
            pending.clear().writeBytes(bytes);
            return alive;
        }
        pending.writeBytes(bytes);
        boolean alive = frames(pending);
        pending.discardReadBytes();
        return alive;
    }

    private boolean frames(ByteBuf in) {
        while (in.readableBytes() >= FRAME_HEAD) {
            int length = in.getUnsignedMedium(in.readerIndex());
            if (in.readableBytes() < FRAME_HEAD + length) {
                return true;
            }
            int type = in.getByte(in.readerIndex() + 3);
            int flags = in.getByte(in.readerIndex() + 4);
            int stream = in.getInt(in.readerIndex() + 5);
            ByteBuf payload = in.slice(in.readerIndex() + FRAME_HEAD, length);
            in.skipBytes(FRAME_HEAD + length);
            if (!frame(type, flags, stream, payload)) {
                return false;
            }
        }
        return true;
    }

    private boolean frame(int type, int flags, int stream, ByteBuf payload) {
        switch (type) {
            case HEADERS -> headers(flags, stream, payload);
            case DATA -> {
                credit(payload.readableBytes());
                if ((flags & END_STREAM) != 0) {
                    finish(stream, true);
                }
            }
            case RST_STREAM -> finish(stream, false);
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    ByteBuf out = buffer(FRAME_HEAD);
                    frame(out, 0, SETTINGS, ACK, 0);
                    write(out);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    ByteBuf out = buffer(FRAME_HEAD + 8);
                    frame(out, 8, PING, ACK, 0);
                    write(out.writeBytes(payload));
                }
            }
            case GOAWAY -> {
                return false;
            }
            default -> {}
        }
        return true;
    }

    private void headers(int flags, int stream, ByteBuf payload) {
        if ((flags & PADDED) != 0) {
            payload.skipBytes(1);
        }
        if ((flags & PRIORITY) != 0) {
            payload.skipBytes(5);
        }
        int first = payload.readUnsignedByte();
        while ((first & 0xe0) == 0x20) { // a change of the dynamic table's size
            boolean more = (first & 0x1f) == 0x1f;
            while (more) {
                more = (payload.readByte() & 0x80) != 0;
            }
            first = payload.readUnsignedByte();
        }
        if (first != STATUS_200 && due.containsKey(stream)) {
            finish(stream, false);
        } else if ((flags & END_STREAM) != 0) {
            finish(stream, true);
        }
    }

    private void finish(int stream, boolean good) {
        Long at = due.remove(stream);
        if (at != null) {
            load.answered(at, good);
            load.free(this);
        }
    }

    private void credit(int bytes) {
        consumed += bytes;
        if (consumed >= WINDOW / 2) {
            ByteBuf out = buffer(FRAME_HEAD + 4);
            frame(out, 4, WINDOW_UPDATE, 0, 0);
            write(out.writeInt((int) consumed));
            consumed = 0;
        }
    }
}
