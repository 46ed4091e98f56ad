package io.weft.dataplane.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One TLS connection over real sockets: a Netty server that echoes, and a client made from a Netty
 * or a JDK context.
 */
public final class TlsPair implements AutoCloseable {

    private final MultiThreadIoEventLoopGroup loop;
    private final CompletableFuture<SSLSession> serverSession = new CompletableFuture<>();
    private final ClientEnd client;

    /** What this needs of a client. */
    interface ClientEnd {
        String echo(String text) throws IOException;

        SSLSession session();

        String protocol();

        void close() throws IOException;
    }

    private TlsPair(SslContext server, ClientFactory factory) throws IOException {
        loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel channel =
                    new ServerBootstrap()
                            .group(loop)
                            .channel(NioServerSocketChannel.class)
                            .childHandler(
                                    new ChannelInitializer<SocketChannel>() {
                                        @Override
                                        protected void initChannel(SocketChannel child) {
                                            serve(child, server.newHandler(child.alloc()));
                                        }
                                    })
                            .bind(InetAddress.getLoopbackAddress(), 0)
                            .syncUninterruptibly()
                            .channel();
            client = factory.connect((InetSocketAddress) channel.localAddress(), loop);
        } catch (IOException | RuntimeException e) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private interface ClientFactory {
        ClientEnd connect(InetSocketAddress address, MultiThreadIoEventLoopGroup loop)
                throws IOException;
    }

    /** Connects; ends with the client's failure when either side refuses. */
    public static TlsPair connect(SslContext server, SslContext client) throws IOException {
        return new TlsPair(server, (address, loop) -> new NettyEnd(address, loop, client));
    }

    /** As above, with a client of the JDK. */
    public static TlsPair connect(SslContext server, SSLContext client) throws IOException {
        return connect(server, client, "TLSv1.3");
    }

    /** As above, in a certain version. */
    public static TlsPair connect(SslContext server, SSLContext client, String version)
            throws IOException {
        return new TlsPair(server, (address, loop) -> new JdkEnd(address, client, version));
    }

    /** Asks for another session, as TLS 1.2 can; with a client of the JDK only. */
    public void shakeHandsAgain() throws IOException {
        SSLSocket socket = ((JdkEnd) client).socket;
        socket.getSession().invalidate();
        socket.startHandshake();
    }

    private void serve(SocketChannel child, SslHandler tls) {
        tls.handshakeFuture()
                .addListener(done -> {
                    if (done.isSuccess()) {
                        serverSession.complete(tls.engine().getSession());
                    } else {
                        serverSession.completeExceptionally(done.cause());
                    }
                });
        child.pipeline()
                .addLast(tls)
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object bytes) {
                                context.writeAndFlush(bytes);
                            }

                            @Override
                            public void exceptionCaught(
                                    ChannelHandlerContext context, Throwable cause) {
                                context.close();
                            }
                        });
    }

    public SSLSession serverSession() {
        try {
            return serverSession.get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("server side of the handshake", e);
        }
    }

    public SSLSession clientSession() {
        return client.session();
    }

    /** What ALPN chose. */
    public String clientProtocol() {
        return client.protocol();
    }

    /** There and back again; shows that the connection really works. */
    public String echo(String text) throws IOException {
        return client.echo(text);
    }

    @Override
    public void close() throws IOException {
        client.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static final class JdkEnd implements ClientEnd {

        private final SSLSocket socket;

        JdkEnd(InetSocketAddress address, SSLContext context, String version) throws IOException {
            socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(address.getAddress(), address.getPort());
            socket.setSoTimeout(5000);
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
        }

        @Override
        public String echo(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.getOutputStream().write(bytes);
            return new String(
                    socket.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8);
        }

        @Override
        public SSLSession session() {
            return socket.getSession();
        }

        @Override
        public String protocol() {
            return socket.getApplicationProtocol();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class NettyEnd implements ClientEnd {

        private final Channel channel;
        private final SslHandler tls;
        private final CompletableFuture<Void> closed = new CompletableFuture<>();
        private final StringBuffer received = new StringBuffer();

        NettyEnd(InetSocketAddress address, MultiThreadIoEventLoopGroup loop, SslContext context)
                throws IOException {
            CompletableFuture<SslHandler> made = new CompletableFuture<>();
            channel =
                    new io.netty.bootstrap.Bootstrap()
                            .group(loop)
                            .channel(io.netty.channel.socket.nio.NioSocketChannel.class)
                            .handler(
                                    new ChannelInitializer<SocketChannel>() {
                                        @Override
                                        protected void initChannel(SocketChannel child) {
                                            SslHandler handler =
                                                    context.newHandler(
                                                            child.alloc(),
                                                            "mesh.example",
                                                            address.getPort());
                                            child.pipeline().addLast(handler, new Collector());
                                            made.complete(handler);
                                        }
                                    })
                            .connect(address)
                            .syncUninterruptibly()
                            .channel();
            channel.closeFuture().addListener(done -> closed.complete(null));
            tls = made.join();
            if (!tls.handshakeFuture().awaitUninterruptibly(5, TimeUnit.SECONDS)
                    || !tls.handshakeFuture().isSuccess()) {
                throw new IOException("handshake", tls.handshakeFuture().cause());
            }
        }

        private final class Collector extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                io.netty.buffer.ByteBuf bytes = (io.netty.buffer.ByteBuf) message;
                received.append(bytes.toString(StandardCharsets.UTF_8));
                bytes.release();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                context.close();
            }
        }

        @Override
        public String echo(String text) throws IOException {
            received.setLength(0);
            channel.writeAndFlush(
                    io.netty.buffer.Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            Await.until("echo", () -> received.length() >= text.length() || closed.isDone());
            if (received.length() < text.length()) {
                // With TLS 1.3 the server's refusal arrives after the client's own success.
                throw new IOException("closed by the server");
            }
            return received.toString();
        }

        @Override
        public SSLSession session() {
            return tls.engine().getSession();
        }

        @Override
        public String protocol() {
            return tls.applicationProtocol();
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
