package io.weft.dataplane.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a queue may hold of the memory, whatever the length of what is in it. What is queued is
 * weighed by about, not exactly. Thread-safe.
 */
public final class QueuedBytes {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    public QueuedBytes(long limit) {
        this.limit = limit;
    }

    /** Takes so much if that much is left; what was taken must be given back once. */
    public boolean take(long size) {
        if (held.addAndGet(size) <= limit) {
            return true;
        }
        held.addAndGet(-size);
        return false;
    }

    public void giveBack(long size) {
        held.addAndGet(-size);
    }

    /** What is held now. */
    public long held() {
        return held.get();
    }
}
