package io.weft.benchmarks.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Answers every HTTP/1.1 request without a body with the same 200; where no nginx is installed. */
public final class NettyBackend implements AutoCloseable {

    private final Channel server;

    public NettyBackend(Loops loops, String body) {
        ByteBuf answer =
                Unpooled.unreleasableBuffer(
                        Unpooled.directBuffer()
                                .writeBytes(
                                        ("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"
                                                        + "content-length: "
                                                        + body.length()
                                                        + "\r\n\r\n"
                                                        + body)
                                                .getBytes(StandardCharsets.US_ASCII)));
        server =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverType())
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new Responder(answer));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
    }

    private static final class Responder extends ChannelInboundHandlerAdapter {

        private static final int END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

        private final ByteBuf answer;
        private int last4;

        Responder(ByteBuf answer) {
            this.answer = answer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            while (bytes.isReadable()) {
                last4 = last4 << 8 | (bytes.readByte() & 0xff);
                if (last4 == END) {
                    ctx.write(answer.duplicate(), ctx.voidPromise());
                }
            }
            bytes.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
