package io.weft.dataplane.soak;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;

/**
 * An application that does what {@code x-do} says: {@code ok}; {@code close} or {@code reset}
 * instead of an answer, or half of one; {@code goaway} with a good answer. Its answers carry the
 * request's {@code x-id}.
 */
final class UnreliableApp implements AutoCloseable {

    private static final int MOST = 1 << 20;

    private final Channel channel;

    UnreliableApp(EventLoopGroup group, boolean http2) {
        channel =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        if (http2) {
                                            second(child);
                                        } else {
                                            child.pipeline()
                                                    .addLast("codec", new HttpServerCodec())
                                                    .addLast(
                                                            "whole", new HttpObjectAggregator(MOST))
                                                    .addLast(new Answering());
                                        }
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    private static void second(Channel child) {
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
                                                        new HttpObjectAggregator(MOST),
                                                        new Answering());
                                    }
                                }));
    }

    /** Makes one message of it, where it is long enough for its prefix. */
    static byte[] message(byte[] bytes) {
        if (bytes.length >= 5) {
            java.nio.ByteBuffer.wrap(bytes).putInt(1, bytes.length - 5);
        }
        return bytes;
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private static final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            if (request.headers().contains(HttpHeaderNames.UPGRADE)) {
                webSocket(ctx, request);
                return;
            }
            switch (request.headers().get("x-do", "ok")) {
                case "close" -> ctx.close();
                case "reset" -> reset(ctx);
                case "half" -> half(ctx, request);
                case "goaway" -> {
                    if (ctx.channel() instanceof Http2StreamChannel stream) {
                        stream.parent()
                                .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
                    }
                    ctx.writeAndFlush(whole(request));
                }
                default -> ctx.writeAndFlush(whole(request));
            }
        }

        private static void reset(ChannelHandlerContext ctx) {
            if (ctx.channel() instanceof Http2StreamChannel stream) {
                stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
            } else {
                ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
                ctx.close();
            }
        }

        private static void half(ChannelHandlerContext ctx, FullHttpRequest request) {
            HttpResponse head =
                    new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers()
                    .set("x-id", request.headers().get("x-id", ""))
                    .set(HttpHeaderNames.CONTENT_LENGTH, 100_000);
            ctx.write(head);
            ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[10_000])))
                    .addListener(written -> reset(ctx));
        }

        private static DefaultFullHttpResponse whole(FullHttpRequest request) {
            int size = request.headers().getInt("x-size", 100);
            byte[] bytes = new byte[size];
            String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
            boolean grpc = type.startsWith("application/grpc");
            DefaultFullHttpResponse answer =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.OK,
                            Unpooled.wrappedBuffer(grpc ? message(bytes) : bytes));
            answer.headers()
                    .set("x-id", request.headers().get("x-id", ""))
                    .set("x-got", request.content().readableBytes());
            if (grpc) {
                answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
                answer.trailingHeaders().set("grpc-status", "0");
            } else {
                answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, size);
            }
            return answer;
        }

        private static void webSocket(ChannelHandlerContext ctx, FullHttpRequest request) {
            HttpResponse head =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
            head.headers()
                    .set(HttpHeaderNames.UPGRADE, "websocket")
                    .set(HttpHeaderNames.CONNECTION, "Upgrade")
                    .set("x-id", request.headers().get("x-id", ""));
            ctx.writeAndFlush(head);
            ctx.pipeline()
                    .addLast(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelRead(ChannelHandlerContext c, Object message) {
                                    c.writeAndFlush(message)
                                            .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                                }

                                @Override
                                public void exceptionCaught(
                                        ChannelHandlerContext c, Throwable cause) {
                                    c.close();
                                }
                            });
            ctx.pipeline().remove("whole");
            ctx.pipeline().remove(HttpServerCodec.class);
            ctx.pipeline().remove(ctx.handler());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ReferenceCountUtil.release(cause);
            ctx.close();
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
