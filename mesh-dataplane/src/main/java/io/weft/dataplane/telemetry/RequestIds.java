package io.weft.dataplane.telemetry;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Identifiers that must be unique but need not be secret. */
final class RequestIds {

    static final String HEADER = "x-request-id";
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private RequestIds() {}

    /** A version 4 UUID (RFC 9562) from the thread's own generator: no lock, no entropy pool. */
    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    /** So many hex digits, not all zero. */
    static String hex(int digits) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        char[] text = new char[digits];
        for (int i = 0; i < digits; i += 16) {
            long bits = random.nextLong() | 1;
            for (int j = i; j < i + 16 && j < digits; j++) {
                text[j] = DIGITS[(int) (bits & 15)];
                bits >>>= 4;
            }
        }
        return new String(text);
    }
}
