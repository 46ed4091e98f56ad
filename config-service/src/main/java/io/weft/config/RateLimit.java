package io.weft.config;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A token bucket: {@code burst} at once, then one each {@code interval}. Safe for use by many
 * threads.
 */
final class RateLimit {

    private final int burst;
    private final Duration interval;
    private final InstantSource clock;
    private Instant fullAt;

    RateLimit(int burst, Duration interval, InstantSource clock) {
        this.burst = burst;
        this.interval = interval;
        this.clock = clock;
        this.fullAt = clock.instant();
    }

    /** Takes one token, when there is one. */
    synchronized boolean tryAcquire() {
        Instant now = clock.instant();
        Instant base = fullAt.isBefore(now) ? now : fullAt;
        Instant next = base.plus(interval);
        if (Duration.between(now, next).compareTo(interval.multipliedBy(burst)) > 0) {
            return false;
        }
        fullAt = next;
        return true;
    }
}
