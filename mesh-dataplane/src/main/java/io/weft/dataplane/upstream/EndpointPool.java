package io.weft.dataplane.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.weft.dataplane.upstream.UpstreamFailure.Kind;
import io.weft.engine.balance.ClusterCounters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop to one endpoint, in one protocol. Used on that loop only. */
final class EndpointPool implements UpstreamPools.Pending {

    private static final int WINDOW = 1 << 20;
    private static final int MAX_HEADERS = 64 << 10;
    private static final long RECENT_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final UpstreamEndpoint endpoint;
    private final boolean http2;
    private final Connector connector;

    /** Most recently used first, so that what is too much grows old at the end. */
    private final Deque<ClientConnection> free = new ArrayDeque<>();

    private final List<ClientConnection> all = new ArrayList<>();
    private final Deque<UpstreamListener> waiting = new ArrayDeque<>();

    /** Who has waited on a connection that was closed already, and takes only a new one. */
    private final Deque<UpstreamListener> waitingForNew = new ArrayDeque<>();

    private final OwnConnections own;
    private int connecting;
    private boolean closed;

    EndpointPool(EventLoop loop, UpstreamEndpoint endpoint, boolean http2, Connector connector) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.http2 = http2;
        this.connector = connector;
        this.own = new OwnConnections(loop, endpoint, http2, connector, this::made);
    }

    /**
     * Gives the listener a stream: on a free connection, on a new one, or when one becomes free.
     */
    void acquire(UpstreamListener listener, Reuse reuse) {
        if (endpoint.proxyProtocol() != null) {
            own.open(listener);
            return;
        }
        ClientConnection connection = nextFree(reuse);
        if (connection != null) {
            connection.start(listener);
            return;
        }
        ClusterCounters counters = endpoint.counters();
        if (counters != null && !counters.pendingRequests().tryAcquire()) {
            listener.failed(overflow("pending requests", counters.pendingRequests().limit()));
            return;
        }
        // An HTTP/2 connection that is being opened will carry all who wait.
        boolean coming = http2 && connecting > 0 || open();
        (coming && reuse == Reuse.NONE ? waitingForNew : waiting).addLast(listener);
    }

    /** The listener does not want a stream any more; false when it is not waiting here. */
    @Override
    public boolean withdraw(UpstreamListener listener) {
        if (own.withdraw(listener)) {
            return true;
        }
        boolean waited = waiting.remove(listener) || waitingForNew.remove(listener);
        if (waited) {
            notPending();
        }
        return waited;
    }

    private @Nullable ClientConnection nextFree(Reuse reuse) {
        if (reuse == Reuse.NONE) {
            return null;
        }
        if (http2) {
            for (ClientConnection connection : all) {
                if (connection.available()) {
                    return connection;
                }
            }
            return null;
        }
        ClientConnection connection;
        while ((connection = free.pollFirst()) != null) {
            if (!connection.available()) {
                continue;
            }
            if (reuse == Reuse.RECENT
                    && System.nanoTime() - connection.idleSince() > RECENT_NANOS) {
                free.addFirst(connection);
                return null;
            }
            return connection;
        }
        return null;
    }

    private void notPending() {
        ClusterCounters counters = endpoint.counters();
        if (counters != null) {
            counters.pendingRequests().release();
        }
    }

    /** Whether one is being opened now. */
    private boolean open() {
        ClusterCounters counters = endpoint.counters();
        boolean counted = counters != null && counters.connections().tryAcquire();
        if (counters != null && !counted && (!all.isEmpty() || connecting > 0)) {
            // One of our own will become free; without any, one is opened so that none starves.
            return false;
        }
        connecting++;
        connector.connect(
                loop,
                endpoint,
                http2,
                ProxyAnnouncement.OWN,
                new Connector.Listener() {
                    @Override
                    public void connected(Channel channel) {
                        connecting--;
                        if (counters != null && counted) {
                            channel.closeFuture()
                                    .addListener(closed -> counters.connections().release());
                        }
                        opened(channel);
                    }

                    @Override
                    public void failed(UpstreamFailure failure) {
                        connecting--;
                        if (counters != null && counted) {
                            counters.connections().release();
                        }
                        connectFailed(failure);
                    }
                });
        return true;
    }

    private void opened(Channel channel) {
        if (closed) {
            channel.close();
            return;
        }
        ClientConnection connection = made(channel, endpoint.limits().maxRequestsPerConnection());
        // First, for who wanted no connection that has served before waits for this one.
        all.addFirst(connection);
        while (!waitingForNew.isEmpty() && connection.available()) {
            connection.start(next(waitingForNew));
        }
        if (!http2 && connection.available()) {
            free.addFirst(connection);
        }
        serveWaiting();
    }

    private ClientConnection made(Channel channel, int maxRequests) {
        return http2 ? http2(channel, maxRequests) : http1(channel, maxRequests);
    }

    private ClientConnection http1(Channel channel, int maxRequests) {
        Http1Connection connection = new Http1Connection(channel, this, maxRequests);
        connection.install(MAX_HEADERS);
        return connection;
    }

    private ClientConnection http2(Channel channel, int maxRequests) {
        Http2Connection connection = new Http2Connection(channel, this, maxRequests);
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forClient()
                                .initialSettings(
                                        Http2Settings.defaultSettings()
                                                .pushEnabled(false)
                                                .initialWindowSize(WINDOW)
                                                .maxHeaderListSize(MAX_HEADERS))
                                .build())
                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                .addLast(connection);
        channel.flush();
        return connection;
    }

    private void connectFailed(UpstreamFailure failure) {
        if (http2) {
            failWaiting(failure);
        } else if (waitingForNew.size() + waiting.size() > connecting) {
            next(waitingForNew.isEmpty() ? waiting : waitingForNew).failed(failure);
        }
    }

    private void failWaiting(UpstreamFailure failure) {
        while (!waitingForNew.isEmpty()) {
            next(waitingForNew).failed(failure);
        }
        while (!waiting.isEmpty()) {
            next(waiting).failed(failure);
        }
    }

    private UpstreamListener next(Deque<UpstreamListener> queue) {
        notPending();
        return queue.removeFirst();
    }

    private void serveWaiting() {
        while (!waiting.isEmpty()) {
            ClientConnection connection = nextFree(Reuse.ANY);
            if (connection == null) {
                if (connecting == 0) {
                    open();
                }
                return;
            }
            connection.start(next(waiting));
        }
    }

    /** A connection can take a request again. */
    void released(ClientConnection connection) {
        if (closed || endpoint.retired()) {
            connection.retire();
            return;
        }
        if (!http2) {
            free.addFirst(connection);
        }
        serveWaiting();
    }

    void closed(ClientConnection connection) {
        if (all.remove(connection)) {
            free.remove(connection);
            serveWaiting();
        }
    }

    /** The connection serves another protocol now and is not the pool's any more. */
    void forget(ClientConnection connection) {
        closed(connection);
    }

    /** Closes what was idle for too long, or everything idle when nobody names the endpoint now. */
    void sweep(long now) {
        long limit = endpoint.limits().idleTimeout().toNanos();
        for (ClientConnection connection : List.copyOf(all)) {
            if (connection.idle() && (endpoint.retired() || now - connection.idleSince() > limit)) {
                connection.retire();
            }
        }
    }

    boolean disposable() {
        return endpoint.retired()
                && all.isEmpty()
                && waiting.isEmpty()
                && waitingForNew.isEmpty()
                && connecting == 0
                && own.isEmpty();
    }

    void close() {
        closed = true;
        own.close();
        failWaiting(new UpstreamFailure(Kind.CONNECT, "the proxy stops", false));
        for (ClientConnection connection : new ArrayList<>(all)) {
            connection.retire();
        }
    }

    private UpstreamFailure overflow(String what, int max) {
        return new UpstreamFailure(
                Kind.OVERFLOW, what + " to " + endpoint + " at their limit of " + max, false);
    }
}
