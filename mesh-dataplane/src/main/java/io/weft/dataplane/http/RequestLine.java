package io.weft.dataplane.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a request (RFC 9112 §3): {@code method SP target SP HTTP/d.d CR LF}. The
 * library takes any white space and any control characters around its three words.
 */
final class RequestLine {

    private static final String VERSION = "HTTP/";

    private RequestLine() {}

    /**
     * What is wrong with the line at the reader's index, null when nothing is or when it is not
     * whole. Skips empty lines before it (§2.2).
     */
    static @Nullable String check(ByteBuf in) {
        skipEmptyLines(in);
        int at = in.readerIndex();
        int end = in.writerIndex();
        if (at == end) {
            return null;
        }
        byte first = in.getByte(at);
        if (first != '\r' && !isToken(first)) {
            return "request line that does not begin with a method";
        }
        int lf = in.indexOf(at, end, (byte) '\n');
        return lf < 0 ? null : check(in, at, lf);
    }

    private static void skipEmptyLines(ByteBuf in) {
        while (in.readableBytes() > 1
                && in.getByte(in.readerIndex()) == '\r'
                && in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
        }
    }

    private static @Nullable String check(ByteBuf in, int start, int lf) {
        if (lf == start || in.getByte(lf - 1) != '\r') {
            return "request line that does not end with CR LF";
        }
        int at = start;
        while (isToken(in.getByte(at))) {
            at++;
        }
        if (at == start || in.getByte(at) != ' ') {
            return "method that is no token";
        }
        int target = ++at;
        while (isTarget(in.getByte(at))) {
            at++;
        }
        if (at == target || in.getByte(at) != ' ') {
            return "request target that is empty or holds what it may not";
        }
        return isVersion(in, at + 1, lf - 1) ? null : "request line without a version of HTTP";
    }

    private static boolean isVersion(ByteBuf in, int from, int end) {
        if (end - from != VERSION.length() + 3) {
            return false;
        }
        for (int i = 0; i < VERSION.length(); i++) {
            if (in.getByte(from + i) != VERSION.charAt(i)) {
                return false;
            }
        }
        int digits = from + VERSION.length();
        return isDigit(in.getByte(digits))
                && in.getByte(digits + 1) == '.'
                && isDigit(in.getByte(digits + 2));
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** Visible, or beyond ASCII: what becomes of those is said by the path's normalisation. */
    private static boolean isTarget(byte c) {
        return c < 0 || c > ' ' && c != 0x7f;
    }

    /** A character of RFC 9110's token (§5.6.2). */
    static boolean isToken(byte c) {
        return c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c > ' ' && c < 0x7f && "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
