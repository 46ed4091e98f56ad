package io.weft.policy.traffic;

import io.weft.model.wire.TrafficReport.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one side has counted of one edge: a ring of slots of five seconds. Not thread-safe: the
 * store guards it.
 */
final class History {

    /** Seconds that a slot covers. */
    static final int SLOT_SECONDS = 5;

    /** Slots: ten minutes. */
    static final int SLOTS = 120;

    private final @Nullable Counts[] slots = new Counts[SLOTS];
    private long newest = Long.MIN_VALUE;

    void add(long slot, List<Outcome> outcomes, boolean tcp) {
        advance(slot);
        int index = index(slot);
        Counts counts = slots[index];
        if (counts == null) {
            counts = new Counts();
            slots[index] = counts;
        }
        for (Outcome outcome : outcomes) {
            counts.add(outcome, tcp);
        }
    }

    private void advance(long slot) {
        if (newest == Long.MIN_VALUE || slot - newest >= SLOTS) {
            java.util.Arrays.fill(slots, null);
        } else {
            for (long passed = newest + 1; passed <= slot; passed++) {
                slots[index(passed)] = null;
            }
        }
        newest = Math.max(newest, slot);
    }

    private static int index(long slot) {
        return (int) Math.floorMod(slot, (long) SLOTS);
    }

    /** The last {@code count} slots up to and with {@code slot}, the oldest first. */
    List<@Nullable Counts> last(long slot, int count) {
        List<@Nullable Counts> found = new ArrayList<>(count);
        for (long each = slot - count + 1; each <= slot; each++) {
            boolean held = each <= newest && each > newest - SLOTS;
            found.add(held ? slots[index(each)] : null);
        }
        return found;
    }

    boolean isOlderThan(long slot) {
        return newest < slot;
    }
}
