package io.weft.dataplane.upstream;

import io.weft.dataplane.telemetry.DestinationView;
import io.weft.engine.RequestFacts;
import io.weft.engine.balance.ClusterCounters;
import io.weft.engine.match.Authorities;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.ProxyProtocol;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints made as callers name them: connections go where the caller wants. The ones used least
 * lately are forgotten. Thread-safe.
 */
public final class PassthroughEndpoints {

    private static final int MAX = 512;

    private final UpstreamSecurity security;
    private final ConnectionLimits limits;
    private final @Nullable ClusterCounters counters;
    private final DestinationView destination;
    private final @Nullable ProxyProtocol proxyProtocol;
    private final Map<String, UpstreamEndpoint> endpoints = new LinkedHashMap<>(16, 0.75f, true);

    public PassthroughEndpoints(
            UpstreamSecurity security,
            ConnectionLimits limits,
            @Nullable ClusterCounters counters,
            DestinationView destination,
            @Nullable ProxyProtocol proxyProtocol) {
        this.security = security;
        this.limits = limits;
        this.counters = counters;
        this.destination = destination;
        this.proxyProtocol = proxyProtocol;
    }

    /** Null when the caller has named no host or port. */
    Target.@Nullable Pick pick(RequestFacts facts) {
        String host = Authorities.host(facts.authority());
        int port = facts.destinationPort();
        return host.isEmpty() || port < 1 ? null : new Target.Pick(endpoint(host, port), null);
    }

    /** The endpoint for a host and port. */
    public synchronized UpstreamEndpoint endpoint(String host, int port) {
        String key = host + ":" + port;
        UpstreamEndpoint known = endpoints.get(key);
        if (known != null) {
            return known;
        }
        UpstreamEndpoint made =
                new UpstreamEndpoint(
                        host, port, security, limits, counters, destination, proxyProtocol);
        endpoints.put(key, made);
        if (endpoints.size() > MAX) {
            Iterator<UpstreamEndpoint> oldest = endpoints.values().iterator();
            oldest.next().retire();
            oldest.remove();
        }
        return made;
    }

    /** No configuration names them any more. */
    public synchronized void retire() {
        endpoints.values().forEach(UpstreamEndpoint::retire);
    }
}
