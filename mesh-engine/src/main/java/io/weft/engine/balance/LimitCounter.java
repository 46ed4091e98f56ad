package io.weft.engine.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is in use of a limited resource. Thread-safe. */
public final class LimitCounter {

    private final AtomicInteger used = new AtomicInteger();
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
            return true;
        }
        used.decrementAndGet();
        return false;
    }

    public void release() {
        used.decrementAndGet();
    }

    public int used() {
        return used.get();
    }

    public int limit() {
        return limit;
    }

    void limit(int newLimit) {
        limit = newLimit;
    }
}
