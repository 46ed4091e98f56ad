package io.weft.dataplane.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the PROXY header off the beginning of a connection, then itself out of the way. */
public final class ProxyHeaderReader extends ByteToMessageDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);

    private final Duration patience;
    private final Consumer<@Nullable InetSocketAddress> then;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * @param then adds the handlers for what follows; it is told who made the connection, null
     *     where the sender speaks for itself
     */
    public ProxyHeaderReader(Duration patience, Consumer<@Nullable InetSocketAddress> then) {
        this.patience = patience;
        this.then = then;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer =
                ctx.executor()
                        .schedule(
                                () -> {
                                    if (!ctx.isRemoved()) {
                                        ctx.close();
                                    }
                                },
                                patience.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        ProxyHeader header;
        try {
            header = ProxyHeader.read(in);
        } catch (IllegalArgumentException e) {
            LOG.info(
                    "connection from {} refused: {}",
                    ctx.channel().remoteAddress(),
                    e.getMessage());
            in.skipBytes(in.readableBytes());
            ctx.close();
            return;
        }
        if (header != null) {
            in.skipBytes(header.length());
            then.accept(header.source());
            ctx.pipeline().remove(this);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
