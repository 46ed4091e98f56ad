package io.weft.engine.balance;

import io.weft.model.cluster.ConnectionLimits;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster has in use against its {@link ConnectionLimits}; lives as long as the cluster's
 * name is configured, so that a change of configuration forgets nothing. Thread-safe.
 */
public final class ClusterCounters {

    private final LimitCounter connections;
    private final LimitCounter pendingRequests;
    private final LimitCounter requests;
    private final LimitCounter retries;
    private volatile ConnectionLimits.@Nullable RetryShare retryBudget;

    ClusterCounters(ConnectionLimits limits) {
        connections = new LimitCounter(limits.maxConnections());
        pendingRequests = new LimitCounter(limits.maxPendingRequests());
        requests = new LimitCounter(limits.maxRequests());
        retries = new LimitCounter(limits.maxRetries());
        retryBudget = limits.retryBudget();
    }

    void configure(ConnectionLimits limits) {
        connections.limit(limits.maxConnections());
        pendingRequests.limit(limits.maxPendingRequests());
        requests.limit(limits.maxRequests());
        retries.limit(limits.maxRetries());
        retryBudget = limits.retryBudget();
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

    /** Takes a retry if there may be one more now; each success must be given back once. */
    public boolean tryAcquireRetry() {
        ConnectionLimits.RetryShare budget = retryBudget;
        if (budget == null) {
            return retries.tryAcquire();
        }
        int underWay = requests.used() + pendingRequests.used();
        return retries.tryAcquire(
                (int) Math.max(budget.min(), (long) (underWay * budget.percent() / 100)));
    }

    /** Retries that are under way at the same time. */
    public LimitCounter retries() {
        return retries;
    }
}
