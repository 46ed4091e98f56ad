package io.weft.engine.balance;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is in use of a limited resource. Thread-safe. */
public final class LimitCounter {

    private final AtomicInteger used = new AtomicInteger();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile int limit;

    LimitCounter(int limit) {
        this.limit = limit;
    }

    /** Takes one if fewer than the limit are in use; each success must be given back once. */
    public boolean tryAcquire() {
        return tryAcquire(limit);
    }

    /** The same under a limit of the moment. */
    boolean tryAcquire(int momentary) {
        if (used.incrementAndGet() <= momentary) {
            taken.incrementAndGet();
            return true;
        }
        used.decrementAndGet();
        refused.incrementAndGet();
        return false;
    }

    public void release() {
        used.decrementAndGet();
    }

    public int used() {
        return used.get();
    }

    /** How many have been taken since the start. */
    public long taken() {
        return taken.get();
    }

    /** How many could not be had since the start. */
    public long refused() {
        return refused.get();
    }

    public int limit() {
        return limit;
    }

    void limit(int newLimit) {
        limit = newLimit;
    }
}
