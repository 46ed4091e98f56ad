package io.weft.testkit.lab.mesh;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The external authoriser of a lab, by HTTP and by gRPC. Thread-safe. */
final class CheckServer implements AutoCloseable {

    private static final int MAX_CHECK = 1 << 20;
    private static final int GRPC_PREFIX = 5;

    private final Channel http;
    private final Channel grpc;

    CheckServer(EventLoopGroup loops) {
        http =
                bind(
                        loops,
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                channel.pipeline()
                                        .addLast(new HttpServerCodec())
                                        .addLast(new HttpObjectAggregator(MAX_CHECK))
                                        .addLast(new HttpCheck());
                            }
                        });
        grpc =
                bind(
                        loops,
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(SocketChannel channel) {
                                channel.pipeline()
                                        .addLast(Http2FrameCodecBuilder.forServer().build())
                                        .addLast(new Http2MultiplexHandler(new GrpcCheck.New()));
                            }
                        });
    }

    private static Channel bind(
            EventLoopGroup loops, ChannelInitializer<SocketChannel> connections) {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(connections)
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress http() {
        return (InetSocketAddress) http.localAddress();
    }

    InetSocketAddress grpc() {
        return (InetSocketAddress) grpc.localAddress();
    }

    @Override
    public void close() {
        http.close();
        grpc.close();
    }

    /** Any request is a check of itself. */
    private static final class HttpCheck extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            Map<String, String> headers = new LinkedHashMap<>();
            request.headers()
                    .forEach(h -> headers.put(h.getKey().toLowerCase(Locale.ROOT), h.getValue()));
            String text =
                    request.method()
                            + " "
                            + headers.get("host")
                            + request.uri()
                            + ", headers: "
                            + headers
                            + ", body: "
                            + request.content().toString(StandardCharsets.UTF_8);
            CheckRequest check = new CheckRequest(true, "", headers, text);
            DefaultFullHttpResponse answer =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            check.allowed() ? HttpResponseStatus.OK : HttpResponseStatus.FORBIDDEN,
                            Unpooled.copiedBuffer(
                                    check.allowed() ? "" : CheckRequest.DENIED_BODY,
                                    StandardCharsets.UTF_8));
            check.answer().forEach((name, value) -> answer.headers().set(name, value));
            answer.headers().set("content-length", answer.content().readableBytes());
            ctx.writeAndFlush(answer);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** One call of {@code envoy.service.auth.v3.Authorization/Check}. */
    private static final class GrpcCheck extends SimpleChannelInboundHandler<Http2StreamFrame> {

        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        /** For each stream. */
        private static final class New extends ChannelInitializer<Channel> {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new GrpcCheck());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame) {
            if (frame instanceof Http2DataFrame data) {
                message.writeBytes(ByteBufUtil.getBytes(data.content()));
                if (data.isEndStream()) {
                    answer(ctx);
                }
            } else if (frame instanceof Http2HeadersFrame headers && headers.isEndStream()) {
                answer(ctx);
            }
        }

        private void answer(ChannelHandlerContext ctx) {
            byte[] framed = message.toByteArray();
            byte[] check = new byte[Math.max(0, framed.length - GRPC_PREFIX)];
            System.arraycopy(framed, framed.length - check.length, check, 0, check.length);
            byte[] response = CheckRequest.ofProto(check).toProto();
            ByteBuf body = Unpooled.buffer(GRPC_PREFIX + response.length);
            body.writeByte(0).writeInt(response.length).writeBytes(response);
            ctx.write(
                    new DefaultHttp2HeadersFrame(
                            new DefaultHttp2Headers()
                                    .status("200")
                                    .set("content-type", "application/grpc")));
            ctx.write(new DefaultHttp2DataFrame(body));
            ctx.writeAndFlush(
                    new DefaultHttp2HeadersFrame(
                            new DefaultHttp2Headers().set("grpc-status", "0"), true));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
