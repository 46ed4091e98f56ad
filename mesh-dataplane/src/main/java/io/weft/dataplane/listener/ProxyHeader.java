package io.weft.dataplane.listener;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A header of the PROXY protocol, version 1 or 2.
 *
 * @param source who made the connection; null where the sender speaks for itself (LOCAL, UNKNOWN)
 * @param length bytes of the header
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
record ProxyHeader(@Nullable InetSocketAddress source, int length) {

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final byte[] PREFIX = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    /** The longest line of version 1, with its end. */
    private static final int MAX_LINE = 107;

    /** Beyond the addresses version 2 carries extensions; more than this is refused. */
    private static final int MAX_BINARY = 4096;

    private static final int FIXED = 16;

    /**
     * Reads the header at the beginning of what has come.
     *
     * @return null when more bytes are needed
     * @throws IllegalArgumentException when it is none
     */
    static @Nullable ProxyHeader read(ByteBuf in) {
        if (begins(in, SIGNATURE)) {
            return in.readableBytes() < FIXED ? null : binary(in);
        }
        if (begins(in, PREFIX)) {
            return line(in);
        }
        throw new IllegalArgumentException(
                "connection: no PROXY header (expected: version 1 or 2)");
    }

    /** Whether what has come so far agrees; a short beginning does. */
    private static boolean begins(ByteBuf in, byte[] with) {
        int count = Math.min(in.readableBytes(), with.length);
        for (int i = 0; i < count; i++) {
            if (in.getByte(in.readerIndex() + i) != with[i]) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable ProxyHeader line(ByteBuf in) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
        int length = end - in.readerIndex() + 1;
        if (end < 0 ? in.readableBytes() >= MAX_LINE : length > MAX_LINE) {
            throw new IllegalArgumentException(
                    "PROXY line: longer than " + MAX_LINE + " bytes (expected: an end before)");
        }
        if (end < 0) {
            return null;
        }
        String text = in.toString(in.readerIndex(), length, StandardCharsets.US_ASCII);
        String[] words = text.substring(0, Math.max(0, text.length() - 2)).split(" ", -1);
        if (!text.endsWith("\r\n") || words.length < 2) {
            throw bad(text);
        }
        return switch (words[1]) {
            case "UNKNOWN" -> new ProxyHeader(null, length);
            case "TCP4", "TCP6" -> {
                if (words.length != 6) {
                    throw bad(text);
                }
                yield new ProxyHeader(address(words[2], words[4], words[1], text), length);
            }
            default -> throw bad(text);
        };
    }

    private static InetSocketAddress address(String host, String port, String family, String text) {
        boolean six = family.equals("TCP6");
        // Only what is written as an address: a name would be looked up.
        if (!host.matches(six ? "[0-9a-fA-F:.]{2,45}" : "[0-9]{1,3}(\\.[0-9]{1,3}){3}")
                || six && host.indexOf(':') < 0
                || !port.matches("[0-9]{1,5}")
                || Integer.parseInt(port) > 65_535) {
            throw bad(text);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
        } catch (UnknownHostException e) {
            throw bad(text);
        }
    }

    private static IllegalArgumentException bad(String line) {
        return new IllegalArgumentException(
                "PROXY line: '"
                        + line.strip()
                        + "' (expected: PROXY TCP4|TCP6 SOURCE DESTINATION PORT PORT)");
    }

    private static @Nullable ProxyHeader binary(ByteBuf in) {
        int at = in.readerIndex();
        int versionAndCommand = in.getUnsignedByte(at + 12);
        int family = in.getUnsignedByte(at + 13);
        int rest = in.getUnsignedShort(at + 14);
        int command = versionAndCommand & 0xf;
        if (versionAndCommand >> 4 != 2 || command > 1 || rest > MAX_BINARY) {
            throw new IllegalArgumentException(
                    "PROXY header: version and command "
                            + versionAndCommand
                            + ", length "
                            + rest
                            + " (expected: version 2, LOCAL or PROXY, at most "
                            + MAX_BINARY
                            + ")");
        }
        if (in.readableBytes() < FIXED + rest) {
            return null;
        }
        int size = family >> 4 == 1 ? 4 : family >> 4 == 2 ? 16 : 0;
        if (command == 0 || size == 0) {
            return new ProxyHeader(null, FIXED + rest);
        }
        if (rest < 2 * size + 4) {
            throw new IllegalArgumentException(
                    "PROXY header: " + rest + " bytes (expected: two addresses and ports)");
        }
        byte[] source = new byte[size];
        in.getBytes(at + FIXED, source);
        int port = in.getUnsignedShort(at + FIXED + 2 * size);
        try {
            return new ProxyHeader(
                    new InetSocketAddress(InetAddress.getByAddress(source), port), FIXED + rest);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes", e);
        }
    }
}
