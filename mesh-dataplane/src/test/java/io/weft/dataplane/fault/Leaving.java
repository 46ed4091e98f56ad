package io.weft.dataplane.fault;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers over HTTP/2 and leaves at random moments: with GOAWAY, after which it looks at nothing
 * new, or, where nothing is under way, without a word.
 */
final class Leaving implements AutoCloseable {

    private static final int LINGER_MILLIS = 300;

    private final Channel channel;
    private final boolean silently;
    final AtomicInteger left = new AtomicInteger();

    /** How often each request was looked at, by its target. */
    final Map<String, Integer> came = new ConcurrentHashMap<>();

    /**
     * @param silent whether it may leave without a word while nothing is under way
     */
    Leaving(EventLoopGroup group, boolean silent) {
        silently = silent;
        channel =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        child.pipeline()
                                                .addLast(
                                                        Http2FrameCodecBuilder.forServer().build(),
                                                        new Connection());
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private final class Connection extends ChannelInboundHandlerAdapter {
        private final Random random = new Random();
        private int served;
        private int active;
        private boolean leaving;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            if (frame instanceof Http2HeadersFrame head) {
                came.merge(head.headers().method() + " " + head.headers().path(), 1, Integer::sum);
                active++;
                if (head.isEndStream()) {
                    later(ctx, head.stream());
                }
            } else if (frame instanceof Http2DataFrame data && data.isEndStream()) {
                later(ctx, data.stream());
            }
            ReferenceCountUtil.release(frame);
        }

        private void later(ChannelHandlerContext ctx, Http2FrameStream stream) {
            ctx.executor()
                    .schedule(
                            () -> answer(ctx, stream), random.nextInt(500), TimeUnit.MICROSECONDS);
        }

        private void answer(ChannelHandlerContext ctx, Http2FrameStream stream) {
            ctx.write(
                    new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"))
                            .stream(stream));
            ctx.writeAndFlush(
                    new DefaultHttp2DataFrame(
                                    Unpooled.copiedBuffer("ok", StandardCharsets.US_ASCII), true)
                            .stream(stream));
            active--;
            served++;
            if (!leaving && served >= 3 && random.nextInt(10) == 0) {
                leaving = true;
                left.incrementAndGet();
                if (!silently || active > 0 || random.nextBoolean()) {
                    goAway(ctx);
                } else {
                    ctx.close();
                    return;
                }
            }
            if (leaving && active == 0) {
                // Closed over bytes that nobody has read, a socket is reset, GOAWAY and all.
                ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        /** The last stream named is the last that was looked at; the codec drops what is above. */
        private void goAway(ChannelHandlerContext ctx) {
            Http2FrameCodec codec = ctx.pipeline().get(Http2FrameCodec.class);
            int last = codec.connection().remote().lastStreamCreated();
            ctx.writeAndFlush(
                    new DefaultHttp2GoAwayFrame(
                            Http2Error.NO_ERROR,
                            Unpooled.copiedBuffer("last " + last, StandardCharsets.US_ASCII)));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // What is still sent to a stream that was not looked at concerns nobody.
            if (!(cause instanceof Http2Exception.StreamException)) {
                ctx.close();
            }
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
