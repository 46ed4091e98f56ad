package io.weft.engine.ratelimit;

import io.weft.engine.MeshClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket without a timer: it keeps the moment at which it would be full again (the generic
 * cell rate algorithm). Starts full. Thread-safe and lock-free.
 */
public final class TokenBucket {

    private final MeshClock clock;
    private final long startNanos;
    private final double nanosPerToken;
    private final double capacityNanos;
    private final AtomicLong fullAtNanos = new AtomicLong();

    /**
     * Makes a full bucket.
     *
     * @param tokens how many are added in each {@code per}, at least 1
     * @param burst how many it holds at most; less than 1 means {@code tokens}
     */
    public TokenBucket(int tokens, Duration per, int burst, MeshClock clock) {
        if (tokens < 1 || per.isNegative() || per.isZero()) {
            throw new IllegalArgumentException(
                    "rate: " + tokens + " per " + per + " (expected: both above 0)");
        }
        this.clock = clock;
        startNanos = clock.nanoTime();
        nanosPerToken = (double) per.toNanos() / tokens;
        capacityNanos = nanosPerToken * (burst < 1 ? tokens : burst);
    }

    /** Takes a token if there is one. */
    public boolean tryAcquire() {
        while (true) {
            long now = clock.nanoTime() - startNanos;
            long fullAt = fullAtNanos.get();
            double after = Math.max(now, fullAt) + nanosPerToken;
            // Half a nanosecond of tolerance: rates that do not divide evenly must not lose a
            // token.
            if (after - now > capacityNanos + 0.5) {
                return false;
            }
            if (fullAtNanos.compareAndSet(fullAt, (long) after)) {
                return true;
            }
        }
    }

    /** Time until a token is there, for {@code retry-after}; zero when one is. */
    public Duration untilNext() {
        long now = clock.nanoTime() - startNanos;
        double missing = Math.max(now, fullAtNanos.get()) + nanosPerToken - now - capacityNanos;
        return missing <= 0.5 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(missing));
    }

    /** How many tokens are there. */
    public long remaining() {
        long now = clock.nanoTime() - startNanos;
        double used = Math.max(now, fullAtNanos.get()) - now;
        return Math.max(0, (long) Math.floor((capacityNanos - used + 0.5) / nanosPerToken));
    }

    /** Time until it is full again, for {@code ratelimit-reset}. */
    public Duration untilFull() {
        long now = clock.nanoTime() - startNanos;
        return Duration.ofNanos(Math.max(0, fullAtNanos.get() - now));
    }

    /** Whether nothing is missing: then the bucket is as good as a new one. */
    boolean isFull() {
        return fullAtNanos.get() <= clock.nanoTime() - startNanos;
    }
}
