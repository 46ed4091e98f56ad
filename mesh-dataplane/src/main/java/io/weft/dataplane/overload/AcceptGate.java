package io.weft.dataplane.overload;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands behind a listening socket: what is too much is reset before anything is made for it.
 * Resetting leaves nothing waiting in the kernel, on either side.
 */
public final class AcceptGate extends ChannelInboundHandlerAdapter {

    private final Overload overload;
    private final String name;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param name of the listener, for the log
     */
    public AcceptGate(Overload overload, String name) {
        this.overload = overload;
        this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        Channel child = (Channel) accepted;
        if (!overload.admits(name, open.incrementAndGet())) {
            open.decrementAndGet();
            child.config().setOption(ChannelOption.SO_LINGER, 0);
            child.unsafe().closeForcibly();
            return;
        }
        child.closeFuture()
                .addListener(closed -> {
                    open.decrementAndGet();
                    overload.ended();
                });
        // When the events of this turn are done with: one of them may be meant for a connection
        // that was just closed and had the number that this one has now.
        ctx.executor().execute(() -> ctx.fireChannelRead(child));
    }
}
