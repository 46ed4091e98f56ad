package io.weft.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;

/**
 * Stands behind TLS during the handshake, when nothing else does yet: what fails is told by the
 * handshake's future, and the connection is closed.
 */
@ChannelHandler.Sharable
public final class HandshakeGuard extends ChannelInboundHandlerAdapter {

    private static final HandshakeGuard INSTANCE = new HandshakeGuard();
    private static final String NAME = "handshake-guard";

    private HandshakeGuard() {}

    /** Adds TLS and the guard; the guard goes when the handshake is over. */
    public static void secure(Channel channel, SslHandler tls) {
        channel.pipeline().addLast("tls", tls).addLast(NAME, INSTANCE);
        tls.handshakeFuture()
                .addListener(done -> {
                    if (done.isSuccess() && channel.pipeline().get(NAME) != null) {
                        channel.pipeline().remove(NAME);
                    }
                });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
