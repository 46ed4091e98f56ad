package io.weft.dataplane.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads protocol buffers field by field. What is cut off or of an unknown wire type is an {@link
 * IllegalArgumentException}: half an answer is no answer.
 */
public final class ProtoReader {

    private final ByteBuffer in;
    private int field;
    private long number;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    public ProtoReader(byte[] message) {
        this(ByteBuffer.wrap(message));
    }

    private ProtoReader(ByteBuffer message) {
        in = message.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Goes to the next field; false at the end. */
    public boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        number = 0;
        bytes = ByteBuffer.allocate(0);
        switch ((int) (tag & 7)) {
            case 0 -> number = varint();
            case 1 -> skip(Long.BYTES);
            case 2 -> bytes = slice(varint());
            case 5 -> skip(Integer.BYTES);
            default ->
                    throw new IllegalArgumentException(
                            "wire type: " + (tag & 7) + " (expected: 0, 1, 2 or 5)");
        }
        return true;
    }

    public int field() {
        return field;
    }

    public long number() {
        return number;
    }

    public boolean isTrue() {
        return number != 0;
    }

    public String text() {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    public ProtoReader message() {
        return new ProtoReader(bytes.duplicate());
    }

    private void skip(int count) {
        slice(count);
    }

    private ByteBuffer slice(long length) {
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException(
                    "length: " + length + " (expected: at most " + in.remaining() + ")");
        }
        ByteBuffer part = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return part;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!in.hasRemaining()) {
                throw new IllegalArgumentException("message: cut off in a number");
            }
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number: of more than ten bytes");
    }
}
