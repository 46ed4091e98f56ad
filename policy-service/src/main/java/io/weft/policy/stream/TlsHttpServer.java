package io.weft.policy.stream;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weft.policy.ca.CertificateAuthority;
import io.weft.policy.ca.SvidVerifier;
import io.weft.policy.state.StartFailure;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** HTTP/2 and HTTP/1.1 over TLS, with limits for everything that a peer can make grow. */
public final class TlsHttpServer implements AutoCloseable {

    private final Channel listener;
    private final ChannelGroup connections;

    private TlsHttpServer(Channel listener, ChannelGroup connections) {
        this.listener = listener;
        this.connections = connections;
    }

    /** Binds the join door: nobody has a certificate yet. */
    public static TlsHttpServer join(
            EventLoopGroup loops,
            InetSocketAddress address,
            CertificateAuthority authority,
            JoinApi api) {
        return start("join", loops, address, authority, null, api, ServerLimits.JOIN);
    }

    /** Binds the mesh door: everybody shows an SVID. */
    public static TlsHttpServer mesh(
            EventLoopGroup loops,
            InetSocketAddress address,
            CertificateAuthority authority,
            SvidVerifier clients,
            MeshApi api) {
        return start("mesh", loops, address, authority, clients, api, ServerLimits.MESH);
    }

    private static TlsHttpServer start(
            String door,
            EventLoopGroup loops,
            InetSocketAddress address,
            CertificateAuthority authority,
            @Nullable SvidVerifier clients,
            ApiHandler api,
            ServerLimits limits) {
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        ServerTls tls = new ServerTls(authority, clients);
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        if (connections.size() >= limits.maxConnections()) {
                                            channel.close();
                                            return;
                                        }
                                        connections.add(channel);
                                        limit(channel, limits);
                                        SslHandler handler = tls.get().newHandler(channel.alloc());
                                        handler.setHandshakeTimeoutMillis(
                                                limits.handshake().toMillis());
                                        channel.pipeline()
                                                .addLast(handler)
                                                .addLast(idle(limits), new IdleCloser())
                                                .addLast(
                                                        new Negotiation(
                                                                door, api, limits, clients));
                                    }
                                });
        Channel bound;
        try {
            bound = bootstrap.bind(address).syncUninterruptibly().channel();
        } catch (RuntimeException e) {
            throw bindFailure(door, address, e);
        } catch (Exception e) { // Netty rethrows the checked BindException unchecked
            throw bindFailure(door, address, e);
        }
        return new TlsHttpServer(bound, connections);
    }

    private static StartFailure bindFailure(
            String door, InetSocketAddress address, Exception cause) {
        return new StartFailure(
                door
                        + " port: "
                        + address.getAddress().getHostAddress()
                        + ":"
                        + address.getPort()
                        + " cannot be bound ("
                        + cause.getMessage()
                        + ")",
                cause);
    }

    private static IdleStateHandler idle(ServerLimits limits) {
        return new IdleStateHandler(0, 0, limits.idle().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void limit(SocketChannel channel, ServerLimits limits) {
        if (limits.life().isPositive()) {
            var end =
                    channel.eventLoop()
                            .schedule(
                                    () -> {
                                        channel.close();
                                    },
                                    limits.life().toMillis(),
                                    TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(closed -> end.cancel(false));
        }
    }

    /** The port that was bound. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How many connections are open. */
    public int connections() {
        return connections.size();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
    }

    private static final class IdleCloser extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof IdleStateEvent) {
                ctx.close();
            } else {
                super.userEventTriggered(ctx, event);
            }
        }
    }
}
