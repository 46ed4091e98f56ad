package io.weft.dataplane.http;

import io.weft.dataplane.upstream.Target;
import io.weft.engine.balance.ClusterCounters;
import org.jspecify.annotations.Nullable;

/** What one dispatch holds of its cluster's limits; all of it is given back once. */
final class LimitUse {

    private final Target target;
    private final @Nullable ClusterCounters counters;
    private boolean request;
    private boolean retry;

    LimitUse(Target target) {
        this.target = target;
        this.counters = target.counters();
    }

    /** False when there are as many requests as there may be. */
    boolean takeRequest() {
        request = counters != null && counters.requests().tryAcquire();
        return counters == null || request;
    }

    /** False when there are as many retries as there may be; the retry before is over. */
    boolean takeRetry() {
        releaseRetry();
        retry = counters != null && counters.tryAcquireRetry();
        return counters == null || retry;
    }

    void releaseRetry() {
        if (retry && counters != null) {
            retry = false;
            counters.retries().release();
        }
    }

    void release() {
        releaseRetry();
        if (request && counters != null) {
            request = false;
            counters.requests().release();
        }
    }

    String requestsFull() {
        int limit = counters == null ? Integer.MAX_VALUE : counters.requests().limit();
        return "requests to " + target.label() + " at their limit of " + limit;
    }
}
