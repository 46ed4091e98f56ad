package io.weft.dataplane.config;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Cuts bytes into lines; one longer than the limit is refused before it fills the memory. */
final class LineBuffer {

    private static final int KEEP = 1 << 20;

    private final int maxLine;
    private ByteArrayOutputStream open = new ByteArrayOutputStream();

    LineBuffer(int maxLine) {
        this.maxLine = maxLine;
    }

    /**
     * Takes more bytes.
     *
     * @return the lines that are complete now, without their ends; empty lines are left out
     * @throws IllegalArgumentException when a line is too long
     */
    List<byte[]> add(ByteBuffer bytes) {
        List<byte[]> lines = new ArrayList<>();
        byte[] chunk = new byte[bytes.remaining()];
        bytes.get(chunk);
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                append(chunk, start, i);
                start = i + 1;
                if (open.size() > 0) {
                    lines.add(open.toByteArray());
                }
                reset();
            }
        }
        append(chunk, start, chunk.length);
        return lines;
    }

    private void append(byte[] chunk, int from, int to) {
        if (open.size() + (long) (to - from) > maxLine) {
            throw new IllegalArgumentException(
                    "line of the stream: longer than " + maxLine + " bytes");
        }
        open.write(chunk, from, to - from);
    }

    /** A buffer that grew for one long line is given back. */
    private void reset() {
        if (open.size() > KEEP) {
            open = new ByteArrayOutputStream();
        } else {
            open.reset();
        }
    }
}
