package io.weft.dataplane.telemetry;

import io.netty.util.AsciiString;
import io.weft.dataplane.codec.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** Identifiers that must be unique but need not be secret. */
final class RequestIds {

    static final AsciiString HEADER = HeaderNames.X_REQUEST_ID;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private RequestIds() {}

    /** A version 4 UUID (RFC 9562) from the thread's own generator: no lock, no entropy pool. */
    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        byte[] text = new byte[36];
        write(high >>> 32, 8, text, 0);
        write(high >>> 16, 4, text, 9);
        write(high, 4, text, 14);
        write(low >>> 48, 4, text, 19);
        write(low, 12, text, 24);
        text[8] = text[13] = text[18] = text[23] = '-';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** So many hex digits, not all zero. */
    static String hex(int digits) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        byte[] text = new byte[digits];
        for (int i = 0; i < digits; i += 16) {
            write(random.nextLong() | 1, Math.min(16, digits - i), text, i);
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The lowest digits of a number. */
    private static void write(long number, int digits, byte[] to, int at) {
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            to[i] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
    }
}
