package io.weft.engine.ratelimit;

import io.weft.engine.MeshClock;

/**
 * A bound on requests under way that follows latency: while answers come about as fast as the
 * fastest of late, the bound grows; when they take longer, they queue somewhere, and it shrinks in
 * proportion (the gradient of TCP Vegas, as Netflix's concurrency-limits has it). What is fastest
 * is measured anew now and then, since upstreams change. Thread-safe.
 */
public final class ConcurrencyLimiter {

    /** Latencies up to this many times the fastest are no sign of a queue. */
    private static final double TOLERANCE = 1.5;

    private static final double SMOOTHING = 0.2;
    private static final long WINDOW_NANOS = 100_000_000;
    private static final int WINDOW_SAMPLES = 10;
    private static final int WINDOWS_PER_BASE = 300;

    private final int min;
    private final int max;
    private final MeshClock clock;
    private int active;
    private double limit;
    private long baseNanos = Long.MAX_VALUE;
    private long windowStart;
    private long windowSum;
    private int windowCount;
    private int windowPeak;
    private int windows;

    public ConcurrencyLimiter(int min, int max, MeshClock clock) {
        this.min = min;
        this.max = max;
        this.clock = clock;
        this.limit = Math.min(max, Math.max(min, 20));
        this.windowStart = clock.nanoTime();
    }

    /** Whether one more may be under way; then it must be released. */
    public synchronized boolean tryAcquire() {
        if (active >= (int) limit) {
            return false;
        }
        active++;
        windowPeak = Math.max(windowPeak, active);
        return true;
    }

    /**
     * One is over.
     *
     * @param latencyNanos how long it took; below 0 says nothing of the upstream
     */
    public synchronized void release(long latencyNanos) {
        active--;
        if (latencyNanos < 0) {
            return;
        }
        windowSum += latencyNanos;
        windowCount++;
        long now = clock.nanoTime();
        if (windowCount >= WINDOW_SAMPLES && now - windowStart >= WINDOW_NANOS) {
            adapt(windowSum / windowCount);
            windowStart = now;
            windowSum = 0;
            windowCount = 0;
            windowPeak = active;
        }
    }

    private void adapt(long latency) {
        if (++windows > WINDOWS_PER_BASE) {
            windows = 0;
            baseNanos = Long.MAX_VALUE;
        }
        baseNanos = Math.max(1, Math.min(baseNanos, latency));
        double gradient = Math.clamp(TOLERANCE * baseNanos / Math.max(1, latency), 0.5, 1.0);
        if (gradient == 1.0 && windowPeak < limit / 2) {
            return; // Nobody has tried the bound: there is nothing to learn from it.
        }
        double wanted = limit * gradient + Math.sqrt(limit);
        limit = Math.clamp(limit * (1 - SMOOTHING) + wanted * SMOOTHING, min, max);
    }

    /** As it stands now. */
    public synchronized int limit() {
        return (int) limit;
    }

    public synchronized int active() {
        return active;
    }
}
