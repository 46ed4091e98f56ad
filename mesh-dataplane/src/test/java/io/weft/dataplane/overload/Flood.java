package io.weft.dataplane.overload;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.weft.dataplane.testing.TestApp;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Thousands of callers at once, and a backend that takes its time. */
final class Flood implements AutoCloseable {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Channel> open = new ArrayList<>();
    private final Channel backend;

    Flood(int backendMillis) {
        backend =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel child) {
                                        child.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(1 << 20),
                                                        new Late(backendMillis));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    int backendPort() {
        return ((InetSocketAddress) backend.localAddress()).getPort();
    }

    private static final class Late extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final int millis;

        Late(int millis) {
            this.millis = millis;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            ctx.executor()
                    .schedule(
                            () -> ctx.writeAndFlush(TestApp.text(200, "at last")),
                            millis,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /**
     * Sends one request from each of so many callers, all at once.
     *
     * @return how often there was which answer; {@code closed} where there was none
     */
    Map<String, Integer> send(int port, int callers, String request) throws InterruptedException {
        Map<String, Integer> answers = new ConcurrentHashMap<>();
        CountDownLatch left = new CountDownLatch(callers);
        ByteBuf bytes = Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII);
        for (int i = 0; i < callers; i++) {
            connect(port, bytes.retainedDuplicate(), answers, left);
        }
        bytes.release();
        if (!left.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError(left.getCount() + " without an answer, others: " + answers);
        }
        return answers;
    }

    private void connect(
            int port, ByteBuf request, Map<String, Integer> answers, CountDownLatch left) {
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 30_000)
                .handler(new Asking(answers, left))
                .connect("127.0.0.1", port)
                .addListener((ChannelFuture done) -> {
                    if (done.isSuccess()) {
                        done.channel().writeAndFlush(request);
                    } else {
                        request.release();
                        answers.merge("closed", 1, Integer::sum);
                        left.countDown();
                    }
                });
    }

    private static final class Asking extends SimpleChannelInboundHandler<ByteBuf> {
        private final Map<String, Integer> answers;
        private final CountDownLatch left;
        private boolean answered;
        private boolean connected;

        Asking(Map<String, Integer> answers, CountDownLatch left) {
            this.answers = answers;
            this.left = left;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connected = true;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            String text = bytes.toString(StandardCharsets.US_ASCII);
            if (text.startsWith("HTTP/1.1 ")) {
                answer(text.substring(9, 12));
                ctx.close();
            }
        }

        private void answer(String what) {
            if (!answered) {
                answered = true;
                answers.merge(what, 1, Integer::sum);
                left.countDown();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (connected) {
                answer("closed");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** Connects and says nothing. */
    void idle(int port, int connections) {
        for (int i = 0; i < connections; i++) {
            open.add(
                    new Bootstrap()
                            .group(group)
                            .channel(NioSocketChannel.class)
                            .handler(
                                    new ChannelInitializer<>() {
                                        @Override
                                        protected void initChannel(Channel made) {
                                            // It only listens.
                                        }
                                    })
                            .connect("127.0.0.1", port)
                            .awaitUninterruptibly()
                            .channel());
        }
    }

    /** Ends the idle connections. */
    void hangUp() {
        open.forEach(Channel::close);
    }

    @Override
    public void close() {
        hangUp();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
