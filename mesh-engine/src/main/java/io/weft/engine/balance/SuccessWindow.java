package io.weft.engine.balance;

import io.weft.model.cluster.OutlierDetection;

/** How many requests of a while succeeded, in ten slots of time. Guarded by its owner's lock. */
final class SuccessWindow {

    private static final int SLOTS = 10;

    private final OutlierDetection.SuccessRate settings;
    private final long slotNanos;
    private final int[] total = new int[SLOTS];
    private final int[] good = new int[SLOTS];
    private long slot;
    private boolean begun;

    SuccessWindow(OutlierDetection.SuccessRate settings) {
        this.settings = settings;
        this.slotNanos = Math.max(1, settings.window().toNanos() / SLOTS);
    }

    OutlierDetection.SuccessRate settings() {
        return settings;
    }

    /** Counts a request; true when too few have succeeded. */
    boolean count(boolean success, long now) {
        long current = Math.floorDiv(now, slotNanos);
        long steps = begun ? Math.min(SLOTS, Math.max(0, current - slot)) : SLOTS;
        for (long i = 0; i < steps; i++) {
            int cleared = Math.floorMod(current - i, SLOTS);
            total[cleared] = 0;
            good[cleared] = 0;
        }
        slot = begun ? Math.max(slot, current) : current;
        begun = true;
        int at = Math.floorMod(slot, SLOTS);
        total[at]++;
        good[at] += success ? 1 : 0;
        int all = 0;
        int succeeded = 0;
        for (int i = 0; i < SLOTS; i++) {
            all += total[i];
            succeeded += good[i];
        }
        return all >= settings.minRequests() && succeeded < settings.threshold() * all;
    }

    void reset() {
        begun = false;
    }
}
