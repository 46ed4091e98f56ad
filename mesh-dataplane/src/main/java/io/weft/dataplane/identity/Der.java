package io.weft.dataplane.identity;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The values of ASN.1 that a certification request and a certificate are made of, in their
 * distinguished encoding.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-X.690">X.690</a>
 */
final class Der {

    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    /** Number and constructed form of a tag that a context gives meaning to. */
    static final int CONTEXT = 0x80;

    static final int CONSTRUCTED = 0x20;

    private static final int BIT_STRING = 0x03;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SET = 0x31;
    private static final int SHORT_LENGTH = 0x7f;
    private static final int LONG_LENGTH = 0x80;
    private static final int MORE = 0x80;
    private static final int SEVEN_BITS = 0x7f;
    private static final int ARC = 40;

    /** Certificates write years from here on with four digits (RFC 5280, 4.1.2.5). */
    private static final int FOUR_DIGITS = 2050;

    private static final DateTimeFormatter SHORT_YEAR =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LONG_YEAR =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    /** A value: tag, length, content. */
    static byte[] value(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        length(out, content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static void length(ByteArrayOutputStream out, int length) {
        if (length <= SHORT_LENGTH) {
            out.write(length);
            return;
        }
        byte[] digits = BigInteger.valueOf(length).toByteArray();
        int first = digits[0] == 0 ? 1 : 0;
        out.write(LONG_LENGTH | digits.length - first);
        out.write(digits, first, digits.length - first);
    }

    static byte[] sequence(byte[]... values) {
        return value(SEQUENCE, values);
    }

    /** A set of one value: no order to keep. */
    static byte[] setOf(byte[] only) {
        return value(SET, only);
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    static byte[] yes() {
        return value(BOOLEAN, new byte[] {(byte) 0xff});
    }

    static byte[] octets(byte[] content) {
        return value(OCTET_STRING, content);
    }

    /**
     * @param unused bits at the end of the last byte
     */
    static byte[] bits(int unused, byte... content) {
        return value(BIT_STRING, new byte[] {(byte) unused}, content);
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        base128(content, Integer.parseInt(arcs[0]) * ARC + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            base128(content, Integer.parseInt(arcs[i]));
        }
        return value(OBJECT_IDENTIFIER, content.toByteArray());
    }

    private static void base128(ByteArrayOutputStream out, int number) {
        if (number > SEVEN_BITS) {
            head(out, number >>> 7);
        }
        out.write(number & SEVEN_BITS);
    }

    private static void head(ByteArrayOutputStream out, int number) {
        if (number > SEVEN_BITS) {
            head(out, number >>> 7);
        }
        out.write(number & SEVEN_BITS | MORE);
    }

    static byte[] time(Instant time) {
        boolean longYear = time.atOffset(ZoneOffset.UTC).getYear() >= FOUR_DIGITS;
        String text = (longYear ? LONG_YEAR : SHORT_YEAR).format(time);
        return value(
                longYear ? GENERALIZED_TIME : UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }
}
