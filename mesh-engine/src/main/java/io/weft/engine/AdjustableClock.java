package io.weft.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that can be moved forward: either it stands still between moves, or it runs with the
 * machine's clock and is ahead of it by what it was moved. Thread-safe.
 */
public final class AdjustableClock implements MeshClock {

    private final MeshClock base;
    private final AtomicLong aheadNanos = new AtomicLong();

    private AdjustableClock(MeshClock base) {
        this.base = base;
    }

    /** Stands still at the instant until it is moved. */
    public static AdjustableClock stoppedAt(Instant instant) {
        return new AdjustableClock(new Stopped(instant));
    }

    /** Runs with the machine's clock. */
    public static AdjustableClock running() {
        return new AdjustableClock(MeshClock.system());
    }

    /**
     * Moves the clock forward.
     *
     * @throws IllegalArgumentException for a negative duration: time does not go back
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("advance: " + by + " (expected: not negative)");
        }
        aheadNanos.addAndGet(by.toNanos());
    }

    /** How far the clock has been moved altogether. */
    public Duration ahead() {
        return Duration.ofNanos(aheadNanos.get());
    }

    @Override
    public Instant now() {
        return base.now().plusNanos(aheadNanos.get());
    }

    @Override
    public long nanoTime() {
        return base.nanoTime() + aheadNanos.get();
    }

    private record Stopped(Instant now) implements MeshClock {
        @Override
        public long nanoTime() {
            return 0;
        }
    }
}
