package io.weft.engine.retry;

import io.weft.engine.MeshClock;
import io.weft.model.route.RetryBudget;

/**
 * Linkerd's retry budget: final outcomes deposit, retries withdraw, and what was deposited leaks
 * away after the time to live, in ten slots. A reserve is always there, so that a quiet client can
 * retry too. Thread-safe.
 */
public final class RetryBudgetState {

    private static final int SLOTS = 10;
    private static final double SCALE = 1000;
    private static final long MIN_TTL_MILLIS = 1_000;
    private static final long MAX_TTL_MILLIS = 60_000;
    private static final double MAX_RATIO = 1000;

    private final MeshClock clock;
    private final boolean accepted;
    private final long slotNanos;
    private final long deposit;
    private final long withdrawal;
    private final long reserve;

    private final long[] slots = new long[SLOTS];
    private int current;
    private long currentSince;
    private long writer;

    /** With an empty budget, but for its reserve. */
    public RetryBudgetState(RetryBudget budget, MeshClock clock) {
        this.clock = clock;
        accepted = isAccepted(budget);
        slotNanos = Math.max(1, budget.ttl().toNanos() / SLOTS);
        double ratio = accepted ? budget.ratio() : 0;
        if (ratio == 0) {
            deposit = 0;
            withdrawal = 1;
        } else if (ratio <= 1) {
            deposit = 1;
            withdrawal = (long) (1 / ratio);
        } else {
            deposit = (long) SCALE;
            withdrawal = (long) (SCALE / ratio);
        }
        reserve =
                accepted
                        ? (long) (budget.minPerSecond() * budget.ttl().toSeconds()) * withdrawal
                        : 0;
        currentSince = clock.nanoTime();
    }

    /** Whether the numbers are within Linkerd's limits; a budget that is not allows no retries. */
    public static boolean isAccepted(RetryBudget budget) {
        long ttl = budget.ttl().toMillis();
        return ttl >= MIN_TTL_MILLIS
                && ttl <= MAX_TTL_MILLIS
                && budget.ratio() >= 0
                && budget.ratio() <= MAX_RATIO
                && budget.minPerSecond() >= 0
                && budget.minPerSecond() <= Integer.MAX_VALUE;
    }

    /** Counts a final outcome, one that is not retried. */
    public synchronized void deposit() {
        leak();
        writer += deposit;
    }

    /** Asks for a retry; true takes it from the budget. */
    public synchronized boolean withdraw() {
        if (!accepted) {
            return false;
        }
        leak();
        if (balance() < withdrawal) {
            return false;
        }
        writer -= withdrawal;
        return true;
    }

    /** How many retries would be allowed now. */
    public synchronized long available() {
        leak();
        return accepted ? Math.max(0, balance() / withdrawal) : 0;
    }

    private long balance() {
        long sum = writer + reserve;
        for (long slot : slots) {
            sum += slot;
        }
        return sum;
    }

    /** Moves on to the slot of this moment and empties those that lie between. */
    private void leak() {
        long passed = clock.nanoTime() - currentSince;
        if (passed < slotNanos) {
            return;
        }
        slots[current] = writer;
        writer = 0;
        long steps = passed / slotNanos;
        currentSince += steps * slotNanos;
        for (long i = 0; i < Math.min(steps, SLOTS); i++) {
            current = (current + 1) % SLOTS;
            slots[current] = 0;
        }
    }
}
