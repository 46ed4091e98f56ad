package io.weft.dataplane.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Lets a caller who is still sending read what it was told last: to close with bytes unread resets
 * the connection, and the answer is lost with it (RFC 9112 §9.6). As a handler it stands before the
 * HTTP/2 codec and does so once it is armed.
 */
final class Linger extends ChannelDuplexHandler {

    private static final long MILLIS = 1_000;

    private boolean armed;
    private boolean lingering;

    /** The connection has failed: the next close is a gentle one. */
    void arm() {
        armed = true;
    }

    /**
     * Says that nothing more will come, and closes in a while; what is flushed already goes out.
     */
    static void begin(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        channel.config().setAutoRead(true);
        channel.eventLoop()
                .schedule(() -> channel.pipeline().close(), MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!armed || lingering) {
            ctx.close(promise);
            return;
        }
        lingering = true;
        ctx.flush();
        begin(ctx.channel());
        ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (lingering) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
