package io.weft.dataplane;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.weft.dataplane.gateway.GatewayListener;
import io.weft.dataplane.listener.CapturedInbound;
import io.weft.dataplane.listener.InboundListener;
import io.weft.dataplane.listener.OutboundListener;
import io.weft.dataplane.listener.Proxy;
import io.weft.dataplane.overload.AcceptGate;
import io.weft.dataplane.overload.Overload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Binds the ports of a data plane. */
final class Listeners {

    private static final int BACKLOG = 1024;

    /**
     * What carries the workload's identity out is for the workload alone: anyone who reached these
     * ports would speak in its name.
     */
    static final String OWN_APPLICATION = "127.0.0.1";

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> type;
    private final String address;
    private final Overload overload;
    private final List<Channel> bound = new ArrayList<>();
    final Map<Integer, Integer> inbound = new LinkedHashMap<>();
    final Map<String, Integer> upstreams = new LinkedHashMap<>();
    final Map<Integer, Integer> gateways = new LinkedHashMap<>();
    int outbound = -1;
    int capture = -1;
    int captureInbound = -1;

    Listeners(
            EventLoopGroup group,
            Class<? extends ServerChannel> type,
            String address,
            Overload overload) {
        this.overload = overload;
        this.group = group;
        this.type = type;
        this.address = address;
    }

    /** Binds all, or none. */
    void bindAll(DataPlaneSettings settings, Proxy proxy, OutboundListener outboundListener) {
        try {
            if (settings.capture().isInbound()) {
                capturedInbound(settings, proxy);
            } else {
                for (InboundBinding port : settings.inbound()) {
                    inbound.put(
                            port.port(),
                            bind(
                                    address,
                                    port.meshPort(),
                                    new InboundListener(proxy, port.port())));
                }
            }
            if (settings.outboundPort() >= 0) {
                outbound = bind(OWN_APPLICATION, settings.outboundPort(), outboundListener);
            }
            if (settings.capture().outboundPort() >= 0) {
                capture = capturedOutbound(settings.capture().outboundPort(), outboundListener);
            }
            for (UpstreamBinding upstream : settings.upstreams()) {
                upstreams.put(
                        upstream.destination(),
                        bind(
                                OWN_APPLICATION,
                                upstream.localPort(),
                                outboundListener.bound(upstream.destination())));
            }
            for (GatewayBinding port : settings.gatewayPorts()) {
                gateways.put(
                        port.port(),
                        bind(
                                address,
                                port.localPort(),
                                new GatewayListener(proxy, port.port(), port.proxyProtocol())));
            }
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /** What the application sends is redirected to loopback. */
    private int capturedOutbound(int wanted, OutboundListener listener) {
        int port = bind(OWN_APPLICATION, wanted, listener.captured());
        // Redirected connections of IPv6 come to its own loopback address.
        if (canBind("::1")) {
            bind("::1", port, listener.captured());
        }
        return port;
    }

    /**
     * What is sent to the application comes to whatever address it went to (TPROXY), or to that of
     * the interface it came through. Peers go on calling the application's own ports.
     */
    private void capturedInbound(DataPlaneSettings settings, Proxy proxy) {
        CaptureBinding capture = settings.capture();
        CapturedInbound listener =
                new CapturedInbound(
                        proxy, settings.inbound().stream().map(InboundBinding::port).toList());
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (capture.transparent()) {
            bootstrap.option(EpollChannelOption.IP_TRANSPARENT, true);
        }
        captureInbound =
                bind(bootstrap, canBind("::") ? "::" : "0.0.0.0", capture.inboundPort(), listener);
        for (InboundBinding port : settings.inbound()) {
            inbound.put(port.port(), port.port());
        }
    }

    private static boolean canBind(String address) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(address, 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int bind(String host, int port, ChannelHandler handler) {
        return bind(new ServerBootstrap(), host, port, handler);
    }

    private int bind(ServerBootstrap bootstrap, String host, int port, ChannelHandler handler) {
        ChannelFuture future =
                bootstrap
                        .group(group)
                        .channel(type)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .handler(new AcceptGate(overload, host + ":" + port))
                        .childHandler(handler)
                        .bind(host, port)
                        .awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IllegalStateException(
                    "port: "
                            + host
                            + ":"
                            + port
                            + " cannot be bound: "
                            + future.cause().getMessage()
                            + " (expected: a free port)",
                    future.cause());
        }
        bound.add(future.channel());
        return ((InetSocketAddress) future.channel().localAddress()).getPort();
    }

    /** Leaves what comes to the kernel, or takes it again. */
    void accepting(boolean on) {
        bound.forEach(channel -> channel.config().setAutoRead(on));
    }

    /** Accepts nothing new. */
    void close() {
        bound.forEach(Channel::close);
    }
}
