package io.weft.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.model.cluster.ProxyProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Says to an endpoint, in a PROXY header, on whose behalf a connection to it is made.
 *
 * @param source who called; null where the proxy itself does
 * @param destination the address that was called
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol</a>
 */
public record ProxyAnnouncement(
        @Nullable SocketAddress source, @Nullable SocketAddress destination) {

    /** The proxy speaks for itself: a health check, for example. */
    public static final ProxyAnnouncement OWN = new ProxyAnnouncement(null, null);

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int LONGEST = 107;

    /** The header's bytes. */
    ByteBuf header(ProxyProtocol version, ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer(LONGEST);
        boolean known =
                source instanceof InetSocketAddress from
                        && destination instanceof InetSocketAddress to
                        && from.getAddress() != null
                        && to.getAddress() != null;
        if (version == ProxyProtocol.V1) {
            out.writeCharSequence(known ? line() : "PROXY UNKNOWN\r\n", StandardCharsets.US_ASCII);
            return out;
        }
        out.writeBytes(SIGNATURE);
        if (!known) {
            return out.writeByte(LOCAL).writeByte(0).writeShort(0);
        }
        boolean four = four();
        byte[] from = bytes(source, four);
        byte[] to = bytes(destination, four);
        return out.writeByte(PROXY)
                .writeByte(four ? TCP4 : TCP6)
                .writeShort(from.length + to.length + 4)
                .writeBytes(from)
                .writeBytes(to)
                .writeShort(port(source))
                .writeShort(port(destination));
    }

    private String line() {
        boolean four = four();
        return "PROXY "
                + (four ? "TCP4 " : "TCP6 ")
                + text(source, four)
                + " "
                + text(destination, four)
                + " "
                + port(source)
                + " "
                + port(destination)
                + "\r\n";
    }

    /** Both must be of one family: IPv4 addresses among IPv6 ones are written as mapped. */
    private boolean four() {
        return address(source) instanceof Inet4Address
                && address(destination) instanceof Inet4Address;
    }

    private static InetAddress address(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    private static int port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    private static String text(@Nullable SocketAddress address, boolean four) {
        InetAddress inet = address(address);
        if (inet instanceof Inet4Address) {
            return four ? inet.getHostAddress() : "::ffff:" + inet.getHostAddress();
        }
        String text = inet.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    private static byte[] bytes(@Nullable SocketAddress address, boolean four) {
        byte[] plain = address(address).getAddress();
        if (four || plain.length == 16) {
            return plain;
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(plain, 0, mapped, 12, 4);
        return mapped;
    }
}
