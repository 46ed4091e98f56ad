package io.weft.dataplane.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.tcp.TcpExchange;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Accepts for every port of the workload, where the kernel brings connections here in place of the
 * application. What went to a port that nobody declared is refused: no policy was made for it.
 */
public final class CapturedInbound extends ChannelInitializer<Channel> {

    private final Proxy proxy;
    private final Map<Integer, InboundListener> ports = new TreeMap<>();

    public CapturedInbound(Proxy proxy, List<Integer> ports) {
        this.proxy = proxy;
        for (int port : ports) {
            this.ports.put(port, new InboundListener(proxy, port));
        }
    }

    @Override
    protected void initChannel(Channel channel) {
        int own = ((InetSocketAddress) channel.parent().localAddress()).getPort();
        InetSocketAddress to = OriginalDestination.of(channel, own);
        InboundListener listener = to == null ? null : ports.get(to.getPort());
        if (listener != null) {
            listener.initChannel(channel);
            return;
        }
        proxy.connections().opened(channel);
        new TcpExchange(
                        ConnectionContext.plain(channel, to == null ? own : to.getPort(), true),
                        proxy.services())
                .refuse(
                        "NR",
                        "filter_chain_not_found",
                        to == null
                                ? "a connection to the capture port itself, not a captured one"
                                : "port: "
                                        + to.getPort()
                                        + " is not one of the workload's (expected: one of "
                                        + new TreeSet<>(ports.keySet())
                                        + ", or excluded from capture)",
                        null);
    }
}
