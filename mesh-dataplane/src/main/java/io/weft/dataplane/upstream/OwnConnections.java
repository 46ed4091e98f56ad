package io.weft.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.weft.dataplane.upstream.UpstreamFailure.Kind;
import io.weft.engine.balance.ClusterCounters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Connections that are opened on behalf of one caller, who is named to the endpoint: one for each
 * request, never another's. Used on its event loop only.
 */
final class OwnConnections {

    private static final int ONE_REQUEST = 1;

    private final EventLoop loop;
    private final UpstreamEndpoint endpoint;
    private final boolean http2;
    private final Connector connector;
    private final Maker maker;
    private final Set<UpstreamListener> waiting = new HashSet<>();

    /** Makes a connection of a channel. */
    @FunctionalInterface
    interface Maker {
        ClientConnection make(Channel channel, int maxRequests);
    }

    OwnConnections(
            EventLoop loop,
            UpstreamEndpoint endpoint,
            boolean http2,
            Connector connector,
            Maker maker) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.http2 = http2;
        this.connector = connector;
        this.maker = maker;
    }

    void open(UpstreamListener listener) {
        ClusterCounters counters = endpoint.counters();
        if (counters != null && !counters.connections().tryAcquire()) {
            listener.failed(
                    new UpstreamFailure(
                            Kind.OVERFLOW,
                            "connections to "
                                    + endpoint
                                    + " at their limit of "
                                    + counters.connections().limit(),
                            false));
            return;
        }
        waiting.add(listener);
        connector.connect(
                loop,
                endpoint,
                http2,
                listener.announcement(),
                new Connector.Listener() {
                    @Override
                    public void connected(Channel channel) {
                        if (counters != null) {
                            channel.closeFuture()
                                    .addListener(closed -> counters.connections().release());
                        }
                        if (waiting.remove(listener)) {
                            maker.make(channel, ONE_REQUEST).start(listener);
                        } else {
                            channel.close();
                        }
                    }

                    @Override
                    public void failed(UpstreamFailure failure) {
                        if (counters != null) {
                            counters.connections().release();
                        }
                        if (waiting.remove(listener)) {
                            listener.failed(failure);
                        }
                    }
                });
    }

    /** The listener does not want a stream any more; false when it is not waiting here. */
    boolean withdraw(UpstreamListener listener) {
        return waiting.remove(listener);
    }

    void close() {
        List<UpstreamListener> left = List.copyOf(waiting);
        waiting.clear();
        left.forEach(
                each -> each.failed(new UpstreamFailure(Kind.CONNECT, "the proxy stops", false)));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
