package io.weft.engine.balance;

/**
 * The peak-EWMA round trip of one endpoint: a slower answer counts at once, quicker ones and
 * silence let it decay. Thread-safe.
 */
final class LatencyState {

    private final Ewma average;

    LatencyState(long defaultRttNanos, long decayNanos, long now) {
        average = new Ewma(decayNanos, defaultRttNanos, now);
    }

    synchronized void observe(long latencyNanos, long now) {
        average.addPeak(latencyNanos, now);
    }

    /** The estimate in nanoseconds times the requests that would be pending. */
    synchronized double cost(int pending, long now) {
        return average.getAt(now) * (pending + 1);
    }
}
