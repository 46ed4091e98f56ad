package io.weft.dataplane.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.weft.dataplane.http.ConnectionContext;
import io.weft.dataplane.http.HttpServices;
import io.weft.dataplane.telemetry.DestinationView;
import io.weft.dataplane.upstream.Connector;
import io.weft.dataplane.upstream.Relay;
import io.weft.dataplane.upstream.Target;
import io.weft.dataplane.upstream.UpstreamFailure;
import io.weft.engine.authz.Permit;
import io.weft.engine.balance.Outcome;
import io.weft.model.Origin;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An opaque connection, from its acceptance to its end. Used on its event loop only. */
public final class TcpExchange extends OpaqueFacts implements Relay.Observer {

    /** As Istio's proxies report by default. */
    private static final long REPORTING_SECONDS = 5;

    private static final DestinationView NOBODY =
            new DestinationView("", "", "", "", "", Map.of(), null);

    private final HttpServices services;
    private final long startNanos = System.nanoTime();
    private final long startEpochMicros;
    private DestinationView destination = NOBODY;
    private String cluster = "";
    private String route = "";
    private String flags = "-";
    private String details = "-";
    private String upstreamFailure = "";
    private @Nullable Origin decidedBy;
    private String authority = "";
    private @Nullable SocketAddress upstream;
    private @Nullable SocketAddress upstreamLocal;
    private Target.@Nullable Pick pick;
    private long received;
    private long sent;
    private long toldReceived;
    private long toldSent;
    private boolean tellingSoon;
    private long duration;
    private boolean finished;
    private @Nullable Hold held;

    public TcpExchange(ConnectionContext connection, HttpServices services) {
        super(connection);
        this.services = services;
        Instant now = services.clock().now();
        this.startEpochMicros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        services.counters().connectionOpened();
    }

    public ConnectionContext connection() {
        return connection;
    }

    /** Names the host that is called, where the caller has named one. */
    public void authority(String host) {
        authority = host;
    }

    /** Names what it goes through. */
    public void route(String name, String clusterLabel, DestinationView view) {
        route = name;
        cluster = clusterLabel;
        destination = view;
    }

    /** Ends it unserved: the connection is reset, the log tells why. */
    public void refuse(String flag, String detail, String cause, @Nullable Origin by) {
        flags = flag;
        details = detail;
        upstreamFailure = cause;
        decidedBy = by;
        Channel channel = connection.channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
        ended();
    }

    /** Keeps what the caller sends until {@link #forward}. */
    public Hold hold() {
        Hold hold = held;
        if (hold == null) {
            hold = Hold.on(connection.channel());
            held = hold;
        }
        return hold;
    }

    /** Connects to the target and copies bytes both ways; {@code permit} proves that it may. */
    public void forward(Permit permit, Target target, @Nullable Duration idle) {
        route(route, target.label(), target.destination());
        Target.Pick picked = target.pick(this, List.of(), false);
        if (picked == null) {
            refuse("UH", "no_healthy_upstream", target.unavailable(), null);
            return;
        }
        pick = picked;
        destination = picked.endpoint().destination();
        Duration limit = idle == null ? services.limits().tcpIdle() : idle;
        Hold hold = hold();
        services.pools()
                .connector()
                .connect(
                        connection.channel().eventLoop(),
                        picked.endpoint(),
                        false,
                        connection.announcement(),
                        new Connector.Listener() {
                            @Override
                            public void connected(Channel channel) {
                                join(channel, limit.toNanos());
                                hold.letGo(connection.channel());
                            }

                            @Override
                            public void failed(UpstreamFailure failure) {
                                refuse("UF", "upstream_connect_failure", failure.reason(), null);
                            }
                        });
    }

    private void join(Channel channel, long idleNanos) {
        upstream = channel.remoteAddress();
        upstreamLocal = channel.localAddress();
        if (finished) {
            channel.close();
            return;
        }
        services.log().opened(this);
        Relay.join(connection.channel(), channel, this, idleNanos);
    }

    @Override
    public void bytes(boolean fromDownstream, int count) {
        if (fromDownstream) {
            received += count;
        } else {
            sent += count;
        }
        if (!tellingSoon && !finished) {
            tellingSoon = true;
            connection
                    .channel()
                    .eventLoop()
                    .schedule(this::tell, REPORTING_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** A long connection is counted as it goes on; a silent one has no timer. */
    private void tell() {
        tellingSoon = false;
        if (!finished) {
            services.log().progressed(this);
            toldReceived = received;
            toldSent = sent;
        }
    }

    @Override
    public long bytesReceivedTold() {
        return toldReceived;
    }

    @Override
    public long bytesSentTold() {
        return toldSent;
    }

    @Override
    public void ended() {
        if (finished) {
            return;
        }
        finished = true;
        duration = System.nanoTime() - startNanos;
        if (pick != null) {
            pick.complete(upstream == null ? Outcome.CONNECT_FAILURE : Outcome.SUCCESS, -1);
        }
        services.counters().connectionClosed();
        services.log().finished(this);
    }

    // --- what the log asks

    @Override
    public String authority() {
        return authority;
    }

    @Override
    public boolean inbound() {
        return connection.inbound();
    }

    @Override
    public String responseFlags() {
        return flags;
    }

    @Override
    public String responseCodeDetails() {
        return details;
    }

    @Override
    public String upstreamFailure() {
        return upstreamFailure;
    }

    @Override
    public @Nullable Origin decidedBy() {
        return decidedBy;
    }

    @Override
    public long bytesReceived() {
        return received;
    }

    @Override
    public long bytesSent() {
        return sent;
    }

    @Override
    public long startEpochMicros() {
        return startEpochMicros;
    }

    @Override
    public long durationNanos() {
        return duration;
    }

    @Override
    public int attempts() {
        return pick == null ? 0 : 1;
    }

    @Override
    public @Nullable SocketAddress upstreamAddress() {
        return upstream;
    }

    @Override
    public @Nullable SocketAddress upstreamLocal() {
        return upstreamLocal;
    }

    @Override
    public @Nullable SocketAddress downstreamRemote() {
        return connection.remoteAddress();
    }

    @Override
    public @Nullable SocketAddress downstreamLocal() {
        return connection.channel().localAddress();
    }

    @Override
    public String upstreamCluster() {
        return cluster;
    }

    @Override
    public String routeName() {
        return route;
    }

    @Override
    public boolean mutualTls() {
        return connection.peer() != null;
    }

    @Override
    public DestinationView destination() {
        return destination;
    }
}
