package io.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** HTTP/1.1 with keep-alive, one request at a time; answers must state their length. */
final class H1Connection extends LoadConnection {

    private static final int MAX_HEAD = 16 * 1024;
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);

    private final byte[] request;
    private byte[] head = new byte[1024];
    private int headLength;
    private long bodyLeft = -1;
    private boolean good;
    private boolean busy;
    private long due;

    H1Connection(Load load, Target target) {
        super(load);
        request =
                ("GET "
                                + target.path()
                                + " HTTP/1.1\r\nhost: "
                                + target.authority()
                                + "\r\nuser-agent: weft-benchmark\r\naccept: */*\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    int begin() {
        return 1;
    }

    @Override
    int underWay() {
        return busy ? 1 : 0;
    }

    @Override
    void send(long dueAt) {
        due = dueAt;
        busy = true;
        write(buffer(request.length).writeBytes(request));
    }

    @Override
    boolean read(ByteBuf bytes) {
        while (bytes.isReadable()) {
            if (!busy) {
                return false;
            }
            if (bodyLeft < 0 && !readHead(bytes)) {
                return headLength < MAX_HEAD;
            }
            if (bodyLeft < 0) {
                return false;
            }
            int part = (int) Math.min(bodyLeft, bytes.readableBytes());
            bytes.skipBytes(part);
            bodyLeft -= part;
            if (bodyLeft == 0) {
                finish();
            }
        }
        return true;
    }

    private void finish() {
        bodyLeft = -1;
        headLength = 0;
        busy = false;
        load.answered(due, good);
        load.free(this);
    }

    /** Whether the head is complete; then {@link #bodyLeft} says how much follows, -1 if unsaid. */
    private boolean readHead(ByteBuf bytes) {
        while (bytes.isReadable() && headLength < MAX_HEAD) {
            byte next = bytes.readByte();
            if (headLength == head.length) {
                head = Arrays.copyOf(head, head.length * 2);
            }
            head[headLength++] = next;
            if (next == '\n' && endsHead()) {
                good = headLength > 12 && head[9] == '2' && head[10] == '0' && head[11] == '0';
                bodyLeft = contentLength();
                return true;
            }
        }
        return false;
    }

    private boolean endsHead() {
        return headLength >= 4
                && head[headLength - 2] == '\r'
                && head[headLength - 3] == '\n'
                && head[headLength - 4] == '\r';
    }

    private long contentLength() {
        for (int i = 0; i + LENGTH.length < headLength; i++) {
            if (head[i] == '\n' && isLengthAt(i + 1)) {
                return number(i + 1 + LENGTH.length);
            }
        }
        return -1;
    }

    private boolean isLengthAt(int start) {
        for (int i = 0; i < LENGTH.length; i++) {
            if (start + i >= headLength || (head[start + i] | 0x20) != (LENGTH[i] | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private long number(int start) {
        int end = start;
        while (head[end] != '\r') {
            end++;
        }
        String text = new String(head, start, end - start, StandardCharsets.US_ASCII);
        return Long.parseLong(text.strip().toLowerCase(Locale.ROOT));
    }
}
