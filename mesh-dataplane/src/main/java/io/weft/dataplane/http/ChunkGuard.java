package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads along in a chunked body (RFC 9112 §7.1) before the library does, which takes white space
 * and control characters around a size and folds trailers: what it would guess is refused. Not
 * thread-safe.
 */
final class ChunkGuard {

    private static final int LONGEST_SIZE = 16;

    private final int maxTrailers;
    private final int maxTrailerLines;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int trailers;
    private int trailerLines;

    /** How many bytes from the reader's index on have been looked at. */
    private int ahead;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_END,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_END,
        LAST_LF,
        DONE
    }

    /**
     * @param maxTrailers bytes of all trailers
     * @param maxTrailerLines how many there may be
     */
    ChunkGuard(int maxTrailers, int maxTrailerLines) {
        this.maxTrailers = maxTrailers;
        this.maxTrailerLines = maxTrailerLines;
    }

    /** A body begins at the reader's index. */
    void begin() {
        state = State.SIZE;
        size = 0;
        digits = 0;
        trailers = 0;
        trailerLines = 0;
        ahead = 0;
    }

    /** The library has read so many bytes. */
    void consumed(int count) {
        ahead = Math.max(0, ahead - count);
    }

    /** Looks at what has come; what is wrong with it, or null. */
    @Nullable String check(ByteBuf in) {
        int end = in.writerIndex();
        int at = in.readerIndex() + ahead;
        String wrong = null;
        while (at < end && state != State.DONE && wrong == null) {
            if (state == State.DATA) {
                long step = Math.min(size, end - at);
                at += (int) step;
                size -= step;
                if (size == 0) {
                    state = State.DATA_CR;
                }
            } else {
                wrong = take(in.getByte(at));
                at++;
            }
        }
        ahead = at - in.readerIndex();
        return wrong;
    }

    private @Nullable String take(byte c) {
        return switch (state) {
            case SIZE -> size(c);
            case EXTENSION -> extension(c);
            case SIZE_END -> expect(c, '\n', size == 0 ? State.TRAILER_START : State.DATA);
            case DATA_CR -> expect(c, '\r', State.DATA_LF);
            case DATA_LF -> expect(c, '\n', nextSize());
            case TRAILER_START, TRAILER -> trailer(c);
            case TRAILER_END -> expect(c, '\n', State.TRAILER_START);
            case LAST_LF -> expect(c, '\n', State.DONE);
            case DATA, DONE -> null;
        };
    }

    private State nextSize() {
        size = 0;
        digits = 0;
        return State.SIZE;
    }

    private @Nullable String expect(byte c, char wanted, State next) {
        if (c != wanted) {
            return "chunk that does not end with CR LF";
        }
        state = next;
        return null;
    }

    private @Nullable String size(byte c) {
        int value = Character.digit((char) (c & 0x7f), 16);
        if (c >= 0 && value >= 0) {
            digits++;
            size = size << 4 | value;
            return digits > LONGEST_SIZE || size < 0 || size > Integer.MAX_VALUE
                    ? "chunk size too large"
                    : null;
        }
        if (digits == 0 || c != '\r' && c != ';') {
            return "chunk size that is no hexadecimal number";
        }
        state = c == ';' ? State.EXTENSION : State.SIZE_END;
        return null;
    }

    private @Nullable String extension(byte c) {
        if (c == '\r') {
            state = State.SIZE_END;
            return null;
        }
        return c >= 0 && c < ' ' && c != '\t' || c == 0x7f
                ? "chunk extension with control characters"
                : null;
    }

    private @Nullable String trailer(byte c) {
        trailers++;
        if (state == State.TRAILER_START) {
            if (c == '\r') {
                state = State.LAST_LF;
                return null;
            }
            trailerLines++;
            if (c == ' ' || c == '\t') {
                return "trailer folded over lines";
            }
            state = State.TRAILER;
        }
        if (c == '\n') {
            return "trailer that does not end with CR LF";
        }
        if (trailers > maxTrailers || trailerLines > maxTrailerLines) {
            return "trailers too large";
        }
        if (c == '\r') {
            state = State.TRAILER_END;
        }
        return null;
    }
}
