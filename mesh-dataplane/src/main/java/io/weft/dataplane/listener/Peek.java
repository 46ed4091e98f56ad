package io.weft.dataplane.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a connection's first bytes until somebody knows what they are, then takes itself out of
 * the way; the bytes go on to whoever was added behind it.
 */
public final class Peek extends ByteToMessageDecoder {

    private final Decider decider;
    private final Duration patience;
    private final Runnable onSilence;
    private @Nullable ScheduledFuture<?> timer;
    private boolean decided;

    /** Looks at what has come so far. */
    @FunctionalInterface
    public interface Decider {

        /** True when it has been decided, and the handlers that follow have been added. */
        boolean decide(ByteBuf seen);
    }

    private Peek(Decider decider, Duration patience, Runnable onSilence) {
        this.decider = decider;
        this.patience = patience;
        this.onSilence = onSilence;
    }

    /**
     * Begins to look.
     *
     * @param onSilence runs when the bytes are not enough within {@code patience}; it adds handlers
     *     too, or closes
     */
    public static void at(Channel channel, Duration patience, Decider decider, Runnable onSilence) {
        channel.pipeline().addLast(new Peek(decider, patience, onSilence));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer =
                ctx.executor()
                        .schedule(() -> silent(ctx), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void silent(ChannelHandlerContext ctx) {
        if (!decided && !ctx.isRemoved()) {
            decided = true;
            onSilence.run();
            leave(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!decided && decider.decide(in)) {
            decided = true;
            leave(ctx);
        }
    }

    private void leave(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
        if (ctx.channel().isActive()) {
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        if (timer != null) {
            timer.cancel(false);
        }
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
