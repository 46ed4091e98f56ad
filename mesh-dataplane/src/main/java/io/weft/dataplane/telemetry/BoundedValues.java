package io.weft.dataplane.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Lets so many different values pass; what comes later is {@code other}. Thread-safe. */
final class BoundedValues {

    static final String OTHER = "other";

    private final int limit;
    private final Runnable onOverflow;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    BoundedValues(int limit, Runnable onOverflow) {
        this.limit = limit;
        this.onOverflow = onOverflow;
    }

    String admit(String value) {
        if (seen.contains(value)) {
            return value;
        }
        if (seen.size() < limit) {
            seen.add(value);
            return value;
        }
        onOverflow.run();
        return OTHER;
    }
}
