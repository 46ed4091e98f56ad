package io.weft.dataplane.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP/1.1 server for {@link AdminView}. It has a thread of its own, so that a slow view or
 * scrape keeps no traffic waiting.
 */
public final class AdminServer implements AutoCloseable {

    private static final int MAX_BODY = 4096;
    private static final int IDLE_SECONDS = 60;

    private final EventLoopGroup loop;
    private final Channel channel;

    private AdminServer(EventLoopGroup loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /**
     * Binds and serves.
     *
     * @throws IOException when the port cannot be had
     */
    public static AdminServer start(AdminSettings settings, AdminView view) throws IOException {
        return start(settings, view, AdminPages.NONE);
    }

    /**
     * Binds and serves.
     *
     * @param pages what is offered on {@link AdminSurface#ADMIN} besides
     * @throws IOException when the port cannot be had
     */
    public static AdminServer start(AdminSettings settings, AdminView view, AdminPages pages)
            throws IOException {
        EventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().daemon().name("weft-admin").factory(),
                        NioIoHandler.newFactory());
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel child) {
                                        child.pipeline()
                                                .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(MAX_BODY))
                                                .addLast(new AdminHandler(settings, view, pages));
                                    }
                                });
        try {
            Channel channel =
                    bootstrap
                            .bind(new InetSocketAddress(settings.host(), settings.port()))
                            .sync()
                            .channel();
            return new AdminServer(loop, channel);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            loop.shutdownGracefully();
            throw new IOException("admin port: interrupted", e);
        } catch (RuntimeException e) {
            loop.shutdownGracefully();
            throw e;
        } catch (Exception e) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(
                    "admin port: "
                            + settings.host()
                            + ":"
                            + settings.port()
                            + " (expected: a free port): "
                            + e.getMessage(),
                    e);
        }
    }

    /** The port that was bound. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close();
        loop.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }
}
