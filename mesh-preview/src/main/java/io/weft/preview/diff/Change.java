package io.weft.preview.diff;

import io.weft.model.Origin;
import java.util.List;

/**
 * A change of the compiled model, with everyone whom it concerns.
 *
 * @param direction for example {@code inbound port 8080} or {@code outbound to api.blog:8080}
 * @param what the element or field
 * @param before in words; empty for what is added
 * @param after in words; empty for what is removed
 * @param origin where it stands: now, or before if it is removed
 * @param workloads {@code namespace/name}, sorted
 */
public record Change(
        Kind kind,
        String direction,
        String what,
        String before,
        String after,
        Origin origin,
        List<String> workloads) {

    /** How it changes. */
    public enum Kind {
        ADDED,
        REMOVED,
        CHANGED,
        MOVED
    }

    public Change {
        workloads = List.copyOf(workloads);
    }

    /** {@code weight of v2: 10 → 20}. */
    public String describe() {
        return switch (kind) {
            case ADDED -> "+ " + what + (after.isEmpty() ? "" : ": " + after);
            case REMOVED -> "- " + what + (before.isEmpty() ? "" : ": " + before);
            case CHANGED -> what + ": " + before + " → " + after;
            case MOVED -> what + ": moved from place " + before + " to " + after;
        };
    }
}
