package io.weft.engine.balance;

import io.weft.model.cluster.ConnectionLimits;

/**
 * What a cluster has in use against its {@link ConnectionLimits}; lives as long as the cluster's
 * name is configured, so that a change of configuration forgets nothing. Thread-safe.
 */
public final class ClusterCounters {

    private final LimitCounter connections;
    private final LimitCounter pendingRequests;
    private final LimitCounter requests;
    private final LimitCounter retries;

    ClusterCounters(ConnectionLimits limits) {
        connections = new LimitCounter(limits.maxConnections());
        pendingRequests = new LimitCounter(limits.maxPendingRequests());
        requests = new LimitCounter(limits.maxRequests());
        retries = new LimitCounter(limits.maxRetries());
    }

    void configure(ConnectionLimits limits) {
        connections.limit(limits.maxConnections());
        pendingRequests.limit(limits.maxPendingRequests());
        requests.limit(limits.maxRequests());
        retries.limit(limits.maxRetries());
    }

    public LimitCounter connections() {
        return connections;
    }

    /** Requests that wait for a connection. */
    public LimitCounter pendingRequests() {
        return pendingRequests;
    }

    public LimitCounter requests() {
        return requests;
    }

    /** Retries that are under way at the same time. */
    public LimitCounter retries() {
        return retries;
    }
}
