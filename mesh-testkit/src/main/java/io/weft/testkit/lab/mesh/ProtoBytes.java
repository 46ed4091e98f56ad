package io.weft.testkit.lab.mesh;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** As much of protocol buffers as the check server needs: fields by number, nested messages. */
final class ProtoBytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A field as it was read; {@code bytes} is empty for numbers. */
    record Element(int number, long value, byte[] bytes) {
        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** The fields of a message, in order; stops at what it cannot read. */
    static List<Element> read(byte[] message) {
        List<Element> fields = new ArrayList<>();
        int[] at = {0};
        while (at[0] < message.length) {
            long tag = varint(message, at);
            int number = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> fields.add(new Element(number, varint(message, at), new byte[0]));
                case 1 -> at[0] += 8;
                case 5 -> at[0] += 4;
                case 2 -> {
                    int length = (int) varint(message, at);
                    if (length < 0 || length > message.length - at[0]) {
                        return fields;
                    }
                    byte[] bytes = new byte[length];
                    System.arraycopy(message, at[0], bytes, 0, length);
                    at[0] += length;
                    fields.add(new Element(number, 0, bytes));
                }
                default -> {
                    return fields;
                }
            }
        }
        return fields;
    }

    private static long varint(byte[] message, int[] at) {
        long value = 0;
        for (int shift = 0; at[0] < message.length && shift < 64; shift += 7) {
            byte b = message[at[0]++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        return value;
    }

    /** The bytes of the first field with the numbers, one below the other; empty without. */
    static byte[] at(byte[] message, int... path) {
        byte[] current = message;
        for (int number : path) {
            byte[] next = null;
            for (Element field : read(current)) {
                if (field.number() == number && next == null) {
                    next = field.bytes();
                }
            }
            if (next == null) {
                return new byte[0];
            }
            current = next;
        }
        return current;
    }

    static String textAt(byte[] message, int... path) {
        return new String(at(message, path), StandardCharsets.UTF_8);
    }

    ProtoBytes number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    ProtoBytes bytes(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    ProtoBytes text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoBytes message(int field, ProtoBytes value) {
        return bytes(field, value.toBytes());
    }

    byte[] toBytes() {
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
