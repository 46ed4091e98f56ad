package io.weft.dataplane.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets so many different values pass; those that come later do not. Thread-safe. */
final class BoundedValues<T> {

    /** What is shown in place of a text that was one too many. */
    static final String OTHER = "other";

    private final int limit;
    private final Runnable onOverflow;
    private final Set<T> seen = ConcurrentHashMap.newKeySet();

    BoundedValues(int limit, Runnable onOverflow) {
        this.limit = limit;
        this.onOverflow = onOverflow;
    }

    boolean admits(T value) {
        if (seen.contains(value)) {
            return true;
        }
        if (seen.size() < limit) {
            seen.add(value);
            return true;
        }
        onOverflow.run();
        return false;
    }
}
