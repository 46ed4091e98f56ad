package io.weft.testkit.echo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The misbehaviour that is ordered of an echo application, and how often it was asked. */
public final class EchoFaults {

    /**
     * @param status answered instead of 200; 0 leaves the status alone
     * @param reset whether the connection is reset instead of answered
     * @param times for how many requests
     */
    public record Fault(int status, long delayMillis, boolean reset, int times) {}

    private final @Nullable EchoFaults shared;
    private final AtomicReference<@Nullable Fault> pending = new AtomicReference<>();
    private final AtomicLong requests = new AtomicLong();

    /** For an application of its own. */
    public EchoFaults() {
        this(null);
    }

    /**
     * For one of several that share orders and a count.
     *
     * @param shared theirs, asked where this one has no order of its own
     */
    public EchoFaults(@Nullable EchoFaults shared) {
        this.shared = shared;
    }

    /** Replaces what was ordered before. */
    public void order(Fault fault) {
        pending.set(fault.times() > 0 ? fault : null);
    }

    /** Counts a request and takes its share of the ordered faults; null when it shall behave. */
    @Nullable Fault next() {
        requests.incrementAndGet();
        Fault own = pending.getAndUpdate(EchoFaults::decrement);
        Fault common = shared == null ? null : own == null ? shared.next() : shared.counted();
        return own == null ? common : own;
    }

    private @Nullable Fault counted() {
        requests.incrementAndGet();
        return null;
    }

    private static @Nullable Fault decrement(@Nullable Fault fault) {
        if (fault == null || fault.times() <= 1) {
            return null;
        }
        return new Fault(fault.status(), fault.delayMillis(), fault.reset(), fault.times() - 1);
    }

    /** Requests received since the last {@link #clear}. */
    public long requests() {
        return requests.get();
    }

    public void clear() {
        requests.set(0);
    }
}
