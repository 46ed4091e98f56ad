package io.weft.config;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The commit in force, for those who wait for the next. A waiter that was slow sees the newest
 * commit, not each one between: what counts is where the head is. Made for many waiters on virtual
 * threads.
 */
final class HeadSignal implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable String commit;
    private boolean closed;

    void move(String to) {
        lock.lock();
        try {
            if (!to.equals(commit)) {
                commit = to;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the head is another commit than {@code known}.
     *
     * @return the head; null when the time is over or the service ends first
     */
    @Nullable String awaitOther(@Nullable String known, Duration atMost)
            throws InterruptedException {
        lock.lock();
        try {
            long nanos = atMost.toNanos();
            while (!closed && (commit == null || Objects.equals(commit, known))) {
                if (nanos <= 0) {
                    return null;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return closed ? null : commit;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait, so that a shutdown does not wait for the watchers. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
