package io.weft.engine.balance;

import io.weft.engine.MeshClock;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one endpoint of one cluster over changes of the configuration. Thread-safe.
 */
final class EndpointState {

    private final AtomicInteger active = new AtomicInteger();
    private final OutlierState outlier;
    private volatile @Nullable LatencyState latency;
    private volatile boolean sick;
    private volatile long since = Long.MIN_VALUE;

    EndpointState(OutlierState outlier) {
        this.outlier = outlier;
    }

    /** Whether active checks have found it wanting. */
    boolean sick() {
        return sick;
    }

    void sick(boolean now) {
        sick = now;
    }

    /** Says from when on it takes load, for slow start. */
    void since(long nanos) {
        since = nanos;
    }

    /** The share of its load that it takes, given how long it has been there. */
    double share(long now, EndpointCare.SlowStart slow) {
        long from = since;
        if (from == Long.MIN_VALUE) {
            return 1;
        }
        double over = (double) (now - from) / slow.window().toNanos();
        if (over >= 1) {
            return 1;
        }
        double share = slow.aggression() == 1 ? over : Math.pow(over, 1 / slow.aggression());
        return Math.max(slow.minPercent() / 100.0, share);
    }

    int active() {
        return active.get();
    }

    void started() {
        active.incrementAndGet();
    }

    void ended() {
        active.decrementAndGet();
    }

    OutlierState outlier() {
        return outlier;
    }

    /** Starts to measure, where the algorithm wants it and it is not yet done. */
    void measure(LoadBalancing balancing, MeshClock clock) {
        if (balancing instanceof LoadBalancing.PeakEwma(var rtt, var decay) && latency == null) {
            latency = new LatencyState(rtt.toNanos(), decay.toNanos(), clock.nanoTime());
        }
    }

    void observe(long latencyNanos, long now) {
        LatencyState state = latency;
        if (state != null) {
            state.observe(latencyNanos, now);
        }
    }

    double cost(long now) {
        LatencyState state = latency;
        return state == null ? active() : state.cost(active(), now);
    }
}
