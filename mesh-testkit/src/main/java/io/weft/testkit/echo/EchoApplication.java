package io.weft.testkit.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.weft.model.AppProtocol;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An application that answers on some ports with what it received: HTTP/1.1, HTTP/2, gRPC,
 * WebSocket, TCP, and TLS below each. Thread-safe.
 */
public final class EchoApplication implements AutoCloseable {

    private final List<Channel> listeners = new ArrayList<>();
    private final Map<Integer, Integer> bound = new LinkedHashMap<>();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final EchoFaults faults;
    private final EchoContext context;

    private EchoApplication(EchoIdentity identity, EchoFaults faults) {
        this.faults = faults;
        this.context = new EchoContext(identity, faults, new TcpReports());
    }

    /**
     * Binds every port to a free port of its address.
     *
     * @param loops event loops of the caller, which are not closed here; NIO
     * @param tls for ports of protocol HTTPS and TLS; null when there is none of them
     * @throws IllegalStateException when a port cannot be bound
     */
    public static EchoApplication start(
            EchoIdentity identity,
            EchoFaults faults,
            List<EchoPort> ports,
            EventLoopGroup loops,
            @Nullable SslContext tls) {
        EchoApplication application = new EchoApplication(identity, faults);
        try {
            for (EchoPort port : ports) {
                application.bind(port, loops, tls);
            }
        } catch (RuntimeException e) {
            application.close();
            throw e;
        }
        return application;
    }

    private void bind(EchoPort port, EventLoopGroup loops, @Nullable SslContext tls) {
        boolean secure = port.protocol() == AppProtocol.HTTPS || port.protocol() == AppProtocol.TLS;
        if (secure && tls == null) {
            throw new IllegalArgumentException(
                    "port " + port.port() + ": " + port.protocol() + " (expected: a certificate)");
        }
        Channel listener =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new Connections(context, connections, port, secure ? tls : null))
                        .bind(new InetSocketAddress(port.address(), 0))
                        .syncUninterruptibly()
                        .channel();
        listeners.add(listener);
        bound.put(port.port(), ((InetSocketAddress) listener.localAddress()).getPort());
    }

    /** The local port on which a workload's port listens. */
    public int localPort(int workloadPort) {
        Integer local = bound.get(workloadPort);
        if (local == null) {
            throw new IllegalArgumentException(
                    "port: " + workloadPort + " (expected: one of " + bound.keySet() + ")");
        }
        return local;
    }

    /** Local ports by the workload's own. */
    public Map<Integer, Integer> ports() {
        return Map.copyOf(bound);
    }

    /** What it shall do wrong, and how often it was asked. */
    public EchoFaults faults() {
        return faults;
    }

    /**
     * What it received on an opaque connection.
     *
     * @param peerPort from which the peer had connected
     * @return null when there was none, or too many since
     */
    public @Nullable EchoReport connection(int peerPort) {
        return context.connections().find(peerPort);
    }

    /**
     * Closes every connection, as an application does with idle ones. A request that fails on a
     * connection that has served before may be sent again by a proxy, which takes it for stale.
     */
    public void closeConnections() {
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        for (Channel listener : listeners) {
            listener.close().syncUninterruptibly();
        }
    }

    /** Sets up what a port accepts. */
    private static final class Connections extends ChannelInitializer<SocketChannel> {

        private final EchoContext context;
        private final ChannelGroup connections;
        private final EchoPort port;
        private final @Nullable SslContext tls;

        Connections(
                EchoContext context,
                ChannelGroup connections,
                EchoPort port,
                @Nullable SslContext tls) {
            this.context = context;
            this.connections = connections;
            this.port = port;
            this.tls = tls;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            connections.add(channel);
            SslContext server = tls;
            if (server != null) {
                channel.pipeline()
                        .addLast(new SniHandler((name, promise) -> promise.setSuccess(server)))
                        .addLast(new EchoContext.SniCapture());
            }
            boolean tcpAllowed =
                    port.protocol() == AppProtocol.AUTO || port.protocol() == AppProtocol.TLS;
            channel.pipeline()
                    .addLast(
                            port.protocol() == AppProtocol.TCP || port.serverFirst()
                                    ? new TcpEcho(context, port.serverFirst())
                                    : new EchoDetector(context, tcpAllowed));
        }
    }
}
