package io.weft.dataplane.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Keeps what a connection says while nobody is there to take it: reading is off, but what lies
 * before the end of the stream is read with that end all the same. Handed on when the hold is let
 * go.
 */
public final class Hold extends ChannelInboundHandlerAdapter {

    private final Deque<Object> kept = new ArrayDeque<>();
    private boolean letGo;
    private boolean ended;

    private Hold() {}

    /** Stops reading, and keeps what comes nevertheless. */
    public static Hold on(Channel channel) {
        Hold hold = new Hold();
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.pipeline().addLast(hold);
        return hold;
    }

    /** Hands what was kept to the handlers behind, and reads again. */
    public void letGo(Channel channel) {
        if (channel.pipeline().context(this) != null) {
            letGo = true;
            channel.pipeline().remove(this);
            if (!ended) {
                channel.config().setAutoRead(true);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        kept.add(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            ended = true;
            kept.add(event);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        Object next;
        while ((next = kept.pollFirst()) != null) {
            if (!letGo) {
                ReferenceCountUtil.release(next);
            } else if (next instanceof ChannelInputShutdownEvent
                    || next instanceof SslCloseCompletionEvent) {
                ctx.fireUserEventTriggered(next);
            } else {
                ctx.fireChannelRead(next);
            }
        }
        if (letGo) {
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
