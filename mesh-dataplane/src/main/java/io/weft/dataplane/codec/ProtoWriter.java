package io.weft.dataplane.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes protocol buffers: numbers, texts, bytes and nested messages. Defaults are left out. */
public final class ProtoWriter {

    private static final int LENGTH_DELIMITED = 2;

    private static final int FIXED_64 = 1;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    public ProtoWriter number(int field, long value) {
        if (value != 0) {
            varint((long) field << 3);
            varint(value);
        }
        return this;
    }

    public ProtoWriter text(int field, String value) {
        return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    public ProtoWriter bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    public ProtoWriter message(int field, ProtoWriter value) {
        return bytes(field, value.toBytes());
    }

    /** A member of a oneof, which is also there when it is the default. */
    public ProtoWriter chosen(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    /** A double, also when it is the default. */
    public ProtoWriter chosen(int field, double value) {
        varint((long) field << 3 | FIXED_64);
        out.writeBytes(
                ByteBuffer.allocate(Double.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(value)
                        .array());
        return this;
    }

    /** An entry of a map from texts to bytes. */
    public ProtoWriter entry(int field, String key, byte[] value) {
        return message(field, new ProtoWriter().text(1, key).bytes(2, value));
    }

    /** An entry of a map of texts. */
    public ProtoWriter entry(int field, String key, String value) {
        return message(field, new ProtoWriter().text(1, key).text(2, value));
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
