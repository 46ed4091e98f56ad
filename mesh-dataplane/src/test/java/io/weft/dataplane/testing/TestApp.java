package io.weft.dataplane.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** An application that answers whole requests, over HTTP/1.1 or over HTTP/2 without TLS. */
public final class TestApp implements AutoCloseable {

    /** What the application saw. */
    public record Seen(
            String method,
            String uri,
            List<java.util.Map.Entry<String, String>> headers,
            String body) {

        public String header(String name) {
            return headers.stream()
                    .filter(h -> h.getKey().equalsIgnoreCase(name))
                    .map(java.util.Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
        }

        public boolean has(String name) {
            return headers.stream().anyMatch(h -> h.getKey().equalsIgnoreCase(name));
        }
    }

    private final Channel channel;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Function<Seen, DefaultFullHttpResponse> behaviour;

    private TestApp(
            EventLoopGroup group, boolean http2, Function<Seen, DefaultFullHttpResponse> b) {
        this.behaviour = b;
        this.channel =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        accepted.incrementAndGet();
                                        if (http2) {
                                            http2(child);
                                        } else {
                                            http1(child);
                                        }
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    public static TestApp http1(
            EventLoopGroup group, Function<Seen, DefaultFullHttpResponse> behaviour) {
        return new TestApp(group, false, behaviour);
    }

    public static TestApp http2(
            EventLoopGroup group, Function<Seen, DefaultFullHttpResponse> behaviour) {
        return new TestApp(group, true, behaviour);
    }

    /** An answer with a text. */
    public static DefaultFullHttpResponse text(int status, String text) {
        ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        DefaultFullHttpResponse answer =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
        answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return answer;
    }

    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    public List<Seen> seen() {
        return seen;
    }

    /** How many connections it has accepted so far. */
    public int connections() {
        return accepted.get();
    }

    public void behave(Function<Seen, DefaultFullHttpResponse> next) {
        behaviour = next;
    }

    private void http1(Channel child) {
        child.pipeline()
                .addLast(
                        new HttpServerCodec(), new HttpObjectAggregator(64 << 20), new Answering());
    }

    private void http2(Channel child) {
        child.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer().build(),
                        new Http2MultiplexHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline()
                                                .addLast(
                                                        new Http2StreamFrameToHttpObjectCodec(true),
                                                        new HttpObjectAggregator(64 << 20),
                                                        new Answering());
                                    }
                                }));
    }

    private final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String body = request.content().toString(StandardCharsets.UTF_8);
            Seen one =
                    new Seen(
                            request.method().name(),
                            request.uri(),
                            List.copyOf(request.headers().entries()),
                            body);
            seen.add(one);
            ctx.writeAndFlush(behaviour.apply(one));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
