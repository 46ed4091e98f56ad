package io.weft.dataplane.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Copies bytes between two connections of one event loop, each way at the pace of its reader. The
 * end of one direction is passed on as such (half-close; over TLS as the end of the TCP stream) and
 * the other goes on.
 */
public final class Relay extends ChannelInboundHandlerAdapter {

    private final Channel other;
    private final Pair pair;
    private final boolean fromDownstream;
    private boolean inputEnded;

    private Relay(Channel other, Pair pair, boolean fromDownstream) {
        this.other = other;
        this.pair = pair;
        this.fromDownstream = fromDownstream;
    }

    /** Hears of a relay's progress, on its event loop. */
    public interface Observer {

        Observer NONE =
                new Observer() {
                    @Override
                    public void bytes(boolean fromDownstream, int count) {}

                    @Override
                    public void ended() {}
                };

        void bytes(boolean fromDownstream, int count);

        /** Both directions have ended; called once. */
        void ended();
    }

    /** Joins two connections; what they read from now on is copied. */
    public static void join(Channel downstream, Channel upstream, Observer observer) {
        join(downstream, upstream, observer, 0);
    }

    /** As {@link #join}, and ends both when nothing moved for so long (0 is for ever). */
    public static void join(
            Channel downstream, Channel upstream, Observer observer, long idleNanos) {
        Pair pair = new Pair(downstream, upstream, observer, idleNanos);
        downstream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        upstream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        downstream.pipeline().addLast("relay", new Relay(upstream, pair, true));
        upstream.pipeline().addLast("relay", new Relay(downstream, pair, false));
        pair.watch(idleNanos);
        if (!downstream.isActive() || !upstream.isActive()) {
            pair.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        pair.moved(fromDownstream, bytes.readableBytes());
        other.write(bytes, other.voidPromise());
        if (!other.isWritable()) {
            other.flush();
            pair.read(fromDownstream, other.isWritable());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // This side's outbound buffer: its filler is the other side's reading.
        pair.read(!fromDownstream, ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            inputEnded();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void inputEnded() {
        if (inputEnded) {
            return;
        }
        inputEnded = true;
        pair.inputEnded(fromDownstream);
        other.writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(flushed -> {
                    if (other instanceof DuplexChannel duplex && other.isActive()) {
                        duplex.shutdownOutput();
                    }
                    pair.directionEnded();
                });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pair.close();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        pair.close();
    }

    /** What both directions share. */
    private static final class Pair {
        private final Channel downstream;
        private final Channel upstream;
        private final Observer observer;
        private final long idleNanos;
        private @Nullable ScheduledFuture<?> watch;
        private long lastMoved = System.nanoTime();
        private int directionsEnded;
        private boolean downstreamEnded;
        private boolean upstreamEnded;
        private boolean closed;

        Pair(Channel downstream, Channel upstream, Observer observer, long idleNanos) {
            this.downstream = downstream;
            this.upstream = upstream;
            this.observer = observer;
            this.idleNanos = idleNanos;
        }

        void moved(boolean fromDownstream, int count) {
            if (idleNanos > 0) {
                lastMoved = System.nanoTime();
            }
            observer.bytes(fromDownstream, count);
        }

        void watch(long nanos) {
            if (idleNanos <= 0 || closed) {
                return;
            }
            watch =
                    downstream
                            .eventLoop()
                            .schedule(
                                    () -> {
                                        long left = idleNanos - (System.nanoTime() - lastMoved);
                                        if (left > 0) {
                                            watch(left);
                                        } else {
                                            close();
                                        }
                                    },
                                    nanos,
                                    TimeUnit.NANOSECONDS);
        }

        /** Turns reading of one side on or off; a side that has ended is left alone. */
        void read(boolean ofDownstream, boolean on) {
            Channel channel = ofDownstream ? downstream : upstream;
            boolean ended = ofDownstream ? downstreamEnded : upstreamEnded;
            if (!ended && channel.isActive()) {
                channel.config().setAutoRead(on);
            }
        }

        void inputEnded(boolean ofDownstream) {
            if (ofDownstream) {
                downstreamEnded = true;
            } else {
                upstreamEnded = true;
            }
        }

        void directionEnded() {
            if (++directionsEnded == 2) {
                close();
            }
        }

        void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (watch != null) {
                watch.cancel(false);
            }
            // What is written already still goes out.
            finish(downstream);
            finish(upstream);
            observer.ended();
        }

        private static void finish(Channel channel) {
            if (channel.isActive()) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
