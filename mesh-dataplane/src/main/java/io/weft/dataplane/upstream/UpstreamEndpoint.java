package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.balance.ClusterCounters;
import io.weft.model.cluster.ConnectionLimits;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where connections of one kind go; pools are kept by identity of this object, so an unchanged
 * endpoint must stay the same object over configurations. Thread-safe.
 */
public final class UpstreamEndpoint {

    private final String host;
    private final int port;
    private final UpstreamSecurity security;
    private final ConnectionLimits limits;
    private final @Nullable ClusterCounters counters;
    private final DestinationView destination;
    private final InetSocketAddress unresolved;
    private volatile boolean retired;

    public UpstreamEndpoint(
            String host,
            int port,
            UpstreamSecurity security,
            ConnectionLimits limits,
            @Nullable ClusterCounters counters,
            DestinationView destination) {
        this.host = host;
        this.port = port;
        this.security = security;
        this.limits = limits;
        this.counters = counters;
        this.destination = destination;
        this.unresolved = InetSocketAddress.createUnresolved(host, port);
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    UpstreamSecurity security() {
        return security;
    }

    ConnectionLimits limits() {
        return limits;
    }

    /** Null where nothing is limited. */
    @Nullable ClusterCounters counters() {
        return counters;
    }

    /** What metrics and logs say of it. */
    public DestinationView destination() {
        return destination;
    }

    /** {@code host:port}, not resolved. */
    public InetSocketAddress address() {
        return unresolved;
    }

    /** Whether connections to it are the mesh's mTLS. */
    public boolean meshTls() {
        return security instanceof UpstreamSecurity.Mesh;
    }

    /**
     * No configuration names it any more: idle connections go, busy ones end after their request.
     */
    public void retire() {
        retired = true;
    }

    boolean retired() {
        return retired;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
