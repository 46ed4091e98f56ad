package io.weft.dataplane.identity;

import java.nio.ByteBuffer;

/** Reads values of ASN.1 one after the other, and refuses what is not their distinguished form. */
final class DerReader {

    private static final int LONG_LENGTH = 0x80;
    private static final int MAX_LENGTH_BYTES = 3;
    private static final int BYTE = 0xff;
    private static final int MANY = 0x1f;

    private final ByteBuffer rest;

    DerReader(byte[] der) {
        this.rest = ByteBuffer.wrap(der);
    }

    /** Whether another value follows. */
    boolean hasNext() {
        return rest.hasRemaining();
    }

    /** The tag of the value that comes next. */
    int tag() {
        if (!rest.hasRemaining()) {
            throw new IllegalArgumentException("DER: ends too early");
        }
        int tag = rest.get(rest.position()) & BYTE;
        if ((tag & MANY) == MANY) {
            throw new IllegalArgumentException("DER: tag of several bytes (expected: one)");
        }
        return tag;
    }

    /**
     * The content of the value that comes next.
     *
     * @throws IllegalArgumentException when it has another tag or is malformed
     */
    byte[] content(int tag) {
        if (tag() != tag) {
            throw new IllegalArgumentException("DER: tag " + tag() + " (expected: " + tag + ")");
        }
        rest.get();
        byte[] content = new byte[length()];
        rest.get(content);
        return content;
    }

    /**
     * The content of the only value there is.
     *
     * @throws IllegalArgumentException when something follows it
     */
    byte[] only(int tag) {
        byte[] content = content(tag);
        if (hasNext()) {
            throw new IllegalArgumentException("DER: more than one value (expected: one)");
        }
        return content;
    }

    private int length() {
        int first = next();
        int length = first;
        if (first >= LONG_LENGTH) {
            int bytes = first - LONG_LENGTH;
            if (bytes == 0 || bytes > MAX_LENGTH_BYTES) {
                throw new IllegalArgumentException("DER: length of " + bytes + " bytes");
            }
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | next();
            }
            if (length < LONG_LENGTH || length >>> 8 * (bytes - 1) == 0) {
                throw new IllegalArgumentException("DER: length not in its shortest form");
            }
        }
        if (length > rest.remaining()) {
            throw new IllegalArgumentException(
                    "DER: length " + length + " (expected: <= " + rest.remaining() + ")");
        }
        return length;
    }

    private int next() {
        if (!rest.hasRemaining()) {
            throw new IllegalArgumentException("DER: ends too early");
        }
        return rest.get() & BYTE;
    }
}
