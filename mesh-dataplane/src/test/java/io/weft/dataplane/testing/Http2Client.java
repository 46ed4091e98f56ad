package io.weft.dataplane.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HTTP/2 with prior knowledge, frame by frame. */
public final class Http2Client implements AutoCloseable {

    private final Channel channel;

    /** What came back. */
    public record Reply(Http2Headers head, String body, Http2Headers trailers) {
        public int status() {
            return Integer.parseInt(head.status().toString());
        }

        public String trailer(String name) {
            CharSequence value = trailers.get(name);
            return value == null ? "" : value.toString();
        }
    }

    public Http2Client(EventLoopGroup group, int port) {
        this(group, NioSocketChannel.class, new InetSocketAddress("127.0.0.1", port), null);
    }

    /** Over TLS. */
    public static Http2Client secured(EventLoopGroup group, int port, SslContext tls) {
        return new Http2Client(
                group, NioSocketChannel.class, new InetSocketAddress("127.0.0.1", port), tls);
    }

    private Http2Client(
            EventLoopGroup group,
            Class<? extends Channel> type,
            SocketAddress to,
            @Nullable SslContext tls) {
        channel =
                new Bootstrap()
                        .group(group)
                        .channel(type)
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel made) {
                                        if (tls != null) {
                                            made.pipeline().addLast(tls.newHandler(made.alloc()));
                                        }
                                        made.pipeline()
                                                .addLast(
                                                        Http2FrameCodecBuilder.forClient().build(),
                                                        new Http2MultiplexHandler(
                                                                new ChannelInboundHandlerAdapter()));
                                    }
                                })
                        .connect(to)
                        .syncUninterruptibly()
                        .channel();
    }

    /** Over a Unix domain socket; the group is one of epoll. */
    public static Http2Client unix(EventLoopGroup group, Path socket) {
        return new Http2Client(
                group,
                EpollDomainSocketChannel.class,
                new DomainSocketAddress(socket.toFile()),
                null);
    }

    /** Completes when the other side has hung up. */
    public ChannelFuture closed() {
        return channel.closeFuture();
    }

    public CompletableFuture<Reply> send(
            String method, String authority, String path, String body, String... headers) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Http2StreamChannel stream =
                new Http2StreamChannelBootstrap(channel)
                        .handler(new Collecting(reply))
                        .open()
                        .syncUninterruptibly()
                        .getNow();
        Http2Headers head =
                new DefaultHttp2Headers()
                        .method(method)
                        .scheme("http")
                        .authority(authority)
                        .path(path);
        for (int i = 0; i < headers.length; i += 2) {
            head.add(headers[i], headers[i + 1]);
        }
        stream.write(new DefaultHttp2HeadersFrame(head, body.isEmpty()));
        if (!body.isEmpty()) {
            stream.write(
                    new DefaultHttp2DataFrame(
                            Unpooled.copiedBuffer(body, StandardCharsets.UTF_8), true));
        }
        stream.flush();
        return reply.orTimeout(10, TimeUnit.SECONDS);
    }

    private static final class Collecting extends SimpleChannelInboundHandler<Http2StreamFrame> {
        private final CompletableFuture<Reply> reply;
        private final StringBuilder body = new StringBuilder();
        private Http2Headers head = new DefaultHttp2Headers();
        private Http2Headers trailers = new DefaultHttp2Headers();

        Collecting(CompletableFuture<Reply> reply) {
            this.reply = reply;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
            boolean end = false;
            if (frame instanceof Http2HeadersFrame headers) {
                if (headers.headers().status() != null) {
                    head = headers.headers();
                } else {
                    trailers = headers.headers();
                }
                end = headers.isEndStream();
            } else if (frame instanceof Http2DataFrame data) {
                body.append(data.content().toString(StandardCharsets.UTF_8));
                end = data.isEndStream();
            }
            if (end) {
                reply.complete(new Reply(head, body.toString(), trailers));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                reply.completeExceptionally(new java.io.IOException("reset " + reset.errorCode()));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            reply.completeExceptionally(new java.io.IOException("closed"));
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
