package io.weft.blog.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the next requests are to fail. Safe for use by many threads. */
final class FaultPlan {

    /**
     * One kind of failure.
     *
     * @param times for how many matching requests it holds, at least 1
     * @param status the status to answer with; absent: answer as usual, after the delay
     * @param delayMillis how long to wait first
     * @param path the prefix of the paths that it holds for
     */
    record Fault(int times, @Nullable Integer status, long delayMillis, String path) {

        Fault {
            if (times < 1) {
                throw new IllegalArgumentException("times: " + times + " (expected: at least 1)");
            }
            if (status != null && (status < 400 || status > 599)) {
                throw new IllegalArgumentException("status: " + status + " (expected: 400 to 599)");
            }
            if (delayMillis < 0 || delayMillis > 600_000) {
                throw new IllegalArgumentException(
                        "delayMillis: " + delayMillis + " (expected: 0 to 600000)");
            }
        }

        Duration delay() {
            return Duration.ofMillis(delayMillis);
        }
    }

    private @Nullable Fault fault;
    private int left;

    /** Replaces what was planned before. */
    synchronized void plan(Fault next) {
        fault = next;
        left = next.times();
    }

    synchronized void clear() {
        fault = null;
        left = 0;
    }

    /** The fault that this request suffers, which uses it up by one. */
    synchronized Optional<Fault> take(String path) {
        if (fault == null || left == 0 || !path.startsWith(fault.path())) {
            return Optional.empty();
        }
        left--;
        return Optional.of(fault);
    }
}
