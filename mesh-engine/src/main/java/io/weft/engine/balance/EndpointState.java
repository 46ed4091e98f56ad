package io.weft.engine.balance;

import io.weft.engine.MeshClock;
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

    EndpointState(OutlierState outlier) {
        this.outlier = outlier;
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
