package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.balance.ClusterCounters;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.ProxyProtocol;
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
    private final @Nullable ProxyProtocol proxyProtocol;
    private final InetSocketAddress unresolved;
    private volatile boolean retired;

    /** An endpoint whose connections begin with no PROXY header. */
    public UpstreamEndpoint(
            String host,
            int port,
            UpstreamSecurity security,
            ConnectionLimits limits,
            @Nullable ClusterCounters counters,
            DestinationView destination) {
        this(host, port, security, limits, counters, destination, null);
    }

    public UpstreamEndpoint(
            String host,
            int port,
            UpstreamSecurity security,
            ConnectionLimits limits,
            @Nullable ClusterCounters counters,
            DestinationView destination,
            @Nullable ProxyProtocol proxyProtocol) {
        this.host = host;
        this.port = port;
        this.security = security;
        this.limits = limits;
        this.counters = counters;
        this.destination = destination;
        this.proxyProtocol = proxyProtocol;
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

    /**
     * What connections to it begin with; null for nothing. Such a connection is for one caller
     * alone, and is not used again.
     */
    @Nullable ProxyProtocol proxyProtocol() {
        return proxyProtocol;
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
