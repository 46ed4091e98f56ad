package io.weft.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A connection that sends requests encoded once and reads just enough of the answers. */
abstract class LoadConnection extends ChannelInboundHandlerAdapter {

    final Load load;
    private @Nullable ChannelHandlerContext context;
    private boolean reading;

    LoadConnection(Load load) {
        this.load = load;
    }

    /** Sends a request that was due at a time of {@link System#nanoTime}. */
    abstract void send(long due);

    /** Writes what comes before the first request, and says how many requests may begin. */
    abstract int begin();

    /** Reads bytes, keeping what is incomplete; false ends the connection. */
    abstract boolean read(ByteBuf bytes);

    /** Requests that will not be answered any more. */
    abstract int underWay();

    final void write(ByteBuf bytes) {
        ChannelHandlerContext ctx = Objects.requireNonNull(context);
        if (reading) {
            ctx.write(bytes, ctx.voidPromise());
        } else {
            ctx.writeAndFlush(bytes, ctx.voidPromise());
        }
    }

    final ByteBuf buffer(int size) {
        return Objects.requireNonNull(context).alloc().directBuffer(size);
    }

    final void close() {
        Objects.requireNonNull(context).close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        load.opened(this);
        for (int i = begin(); i > 0; i--) {
            load.free(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        reading = true;
        try {
            if (!read(bytes)) {
                ctx.close();
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        ctx.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        for (int i = underWay(); i > 0; i--) {
            load.answered(0, false);
        }
        load.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
