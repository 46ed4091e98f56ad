package io.weft.dataplane.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.Exchange;
import io.weft.dataplane.http.ExchangeHandler;
import io.weft.dataplane.http.Http1Server;
import io.weft.dataplane.http.Http2Server;
import io.weft.dataplane.tcp.TcpExchange;
import java.net.InetSocketAddress;

/** The explicit proxy port of the own application: requests by authority, tunnels by CONNECT. */
public final class OutboundListener extends ChannelInitializer<Channel> {

    private static final int DEFAULT_PORT = 80;
    private static final int TLS_PORT = 443;

    private final Proxy proxy;
    private final UnknownTargets unknown = new UnknownTargets();
    private final ExchangeHandler phases;

    public OutboundListener(Proxy proxy) {
        this.proxy = proxy;
        this.phases = new OutboundPhases(proxy, unknown, null);
    }

    /** What serves a bound upstream beside the proxy port. */
    public ChannelInitializer<Channel> bound(String destination) {
        OutboundTcp tcp =
                new OutboundTcp(proxy, unknown, HostPort.parse(destination, DEFAULT_PORT));
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                proxy.connections().opened(channel);
                tcp.accept(channel);
            }
        };
    }

    /** What serves connections that the kernel brings here in place of where they were going. */
    public ChannelInitializer<Channel> captured() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                proxy.connections().opened(channel);
                int own =
                        channel.parent() == null
                                ? -1
                                : ((InetSocketAddress) channel.parent().localAddress()).getPort();
                InetSocketAddress to = OriginalDestination.of(channel, own);
                if (to == null) {
                    // Would go round in circles for ever.
                    new TcpExchange(ConnectionContext.plain(channel, 0, false), proxy.services())
                            .refuse(
                                    "NR",
                                    "filter_chain_not_found",
                                    "a connection to the capture port itself, not a captured one",
                                    null);
                } else {
                    OutboundTcp.captured(proxy, unknown, channel, HostPort.of(to));
                }
            }
        };
    }

    /** What the own process sends to a destination goes the way of the own application. */
    public ExchangeHandler phases(String destination) {
        return new OutboundPhases(proxy, unknown, HostPort.parse(destination, DEFAULT_PORT));
    }

    @Override
    protected void initChannel(Channel channel) {
        proxy.connections().opened(channel);
        ConnectionContext connection = ConnectionContext.plain(channel, 0, false);
        Peek.at(
                channel,
                proxy.services().limits().headerTimeout(),
                seen ->
                        switch (FirstBytes.http(seen)) {
                            case UNDECIDED -> false;
                            case HTTP2 -> {
                                Http2Server.install(connection, proxy.services(), phases);
                                yield true;
                            }
                            case HTTP1, OPAQUE -> {
                                Http1Server.install(connection, proxy.services(), this::handle);
                                yield true;
                            }
                        },
                channel::close);
    }

    private void handle(Exchange exchange) {
        if (exchange.method().equals("CONNECT")) {
            HostPort to = HostPort.parse(exchange.request().uri(), TLS_PORT);
            var established = Exchange.newHead(200);
            exchange.downstream().upgrade(established, new OutboundTcp(proxy, unknown, to)::accept);
            exchange.tunnelled();
        } else {
            phases.handle(exchange);
        }
    }
}
