package io.weft.dataplane.listener;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a captured connection was going. REDIRECT rewrites the destination and the kernel remembers
 * it ({@code SO_ORIGINAL_DST}, from netfilter's connection tracking); TPROXY leaves it in place as
 * the connection's local address. Linux only.
 */
public final class OriginalDestination {

    /** {@code SOL_IP}, {@code SO_ORIGINAL_DST}; the answer is a {@code sockaddr_in}. */
    private static final RawUnixChannelOption IPV4 =
            new RawUnixChannelOption("SO_ORIGINAL_DST", 0, 80, 16);

    /** {@code SOL_IPV6}, {@code IP6T_SO_ORIGINAL_DST}; the answer is a {@code sockaddr_in6}. */
    private static final RawUnixChannelOption IPV6 =
            new RawUnixChannelOption("IP6T_SO_ORIGINAL_DST", 41, 80, 28);

    private OriginalDestination() {}

    /**
     * The destination before the redirection.
     *
     * @param listener the port that captured connections arrive at
     * @return null for a connection that was made to that port itself
     */
    static @Nullable InetSocketAddress of(Channel channel, int listener) {
        if (!(channel.localAddress() instanceof InetSocketAddress local)) {
            return null;
        }
        InetSocketAddress found = redirected(channel, local);
        if (found == null && local.getPort() != listener) {
            return local; // TPROXY
        }
        return found == null || found.getPort() == listener && isOwn(found, local) ? null : found;
    }

    private static boolean isOwn(InetSocketAddress found, InetSocketAddress local) {
        return found.getAddress().equals(local.getAddress());
    }

    private static @Nullable InetSocketAddress redirected(
            Channel channel, InetSocketAddress local) {
        if (!(channel instanceof EpollSocketChannel)) {
            return null;
        }
        boolean six = local.getAddress().getAddress().length == 16;
        InetSocketAddress found = six ? read(channel, IPV6) : read(channel, IPV4);
        // A socket for both families sees IPv4 connections with addresses of IPv6.
        return found == null ? read(channel, six ? IPV4 : IPV6) : found;
    }

    private static @Nullable InetSocketAddress read(Channel channel, RawUnixChannelOption option) {
        try {
            ByteBuffer answer = channel.config().getOption(option);
            return answer == null ? null : parse(answer, option == IPV4);
        } catch (RuntimeException e) {
            return null; // Not tracked: nobody redirected this connection.
        }
    }

    /** Port and address stand in network order behind the family. */
    static @Nullable InetSocketAddress parse(ByteBuffer sockaddr, boolean four) {
        byte[] ip = new byte[four ? 4 : 16];
        int port = sockaddr.get(2) << 8 & 0xff00 | sockaddr.get(3) & 0xff;
        sockaddr.get(four ? 4 : 8, ip);
        try {
            return port == 0 ? null : new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes", e);
        }
    }
}
