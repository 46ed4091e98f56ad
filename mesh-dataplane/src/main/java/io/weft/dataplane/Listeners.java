package io.weft.dataplane;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.weft.dataplane.gateway.GatewayListener;
import io.weft.dataplane.listener.InboundListener;
import io.weft.dataplane.listener.OutboundListener;
import io.weft.dataplane.listener.Proxy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Binds the ports of a data plane. */
final class Listeners {

    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> type;
    private final String address;
    private final List<Channel> bound = new ArrayList<>();
    final Map<Integer, Integer> inbound = new LinkedHashMap<>();
    final Map<String, Integer> upstreams = new LinkedHashMap<>();
    final Map<Integer, Integer> gateways = new LinkedHashMap<>();
    int outbound = -1;

    Listeners(EventLoopGroup group, Class<? extends ServerChannel> type, String address) {
        this.group = group;
        this.type = type;
        this.address = address;
    }

    /** Binds all, or none. */
    void bindAll(DataPlaneSettings settings, Proxy proxy, OutboundListener outboundListener) {
        try {
            for (InboundBinding port : settings.inbound()) {
                inbound.put(
                        port.port(),
                        bind(port.meshPort(), new InboundListener(proxy, port.port())));
            }
            if (settings.outboundPort() >= 0) {
                outbound = bind(settings.outboundPort(), outboundListener);
            }
            for (UpstreamBinding upstream : settings.upstreams()) {
                upstreams.put(
                        upstream.destination(),
                        bind(upstream.localPort(), outboundListener.bound(upstream.destination())));
            }
            for (GatewayBinding port : settings.gatewayPorts()) {
                gateways.put(
                        port.port(),
                        bind(port.localPort(), new GatewayListener(proxy, port.port())));
            }
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    private int bind(int port, ChannelHandler handler) {
        ChannelFuture future =
                new ServerBootstrap()
                        .group(group)
                        .channel(type)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(handler)
                        .bind(address, port)
                        .awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IllegalStateException(
                    "port: "
                            + address
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

    /** Accepts nothing new. */
    void close() {
        bound.forEach(Channel::close);
    }
}
