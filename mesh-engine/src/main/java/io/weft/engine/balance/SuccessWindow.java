package io.weft.engine.balance;

import io.weft.model.cluster.OutlierDetection;

/** How many requests of a while succeeded, in ten slots of time. Guarded by its owner's lock. */
final class SuccessWindow {

    private static final int SLOTS = 10;
    private static final long LEAST_SLOT_NANOS = 1_000_000;

    private final OutlierDetection.SuccessRate settings;
    private final long slotNanos;
    private final int[] total = new int[SLOTS];
    private final int[] good = new int[SLOTS];
    private long slot;
    private boolean begun;

    SuccessWindow(OutlierDetection.SuccessRate settings) {
        this.settings = settings;
        this.slotNanos = Math.max(LEAST_SLOT_NANOS, settings.window().toNanos() / SLOTS);
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
        return trips(settings.minRequests(), settings.threshold());
    }

    /** Whether there were enough requests, and too few of them have succeeded. */
    boolean trips(int minRequests, double threshold) {
        int all = total();
        return all >= minRequests && succeeded() < threshold * all;
    }

    /** The requests of the window that ends with the last one. */
    int total() {
        return begun ? sum(total) : 0;
    }

    /** Those of them that have succeeded. */
    int succeeded() {
        return begun ? sum(good) : 0;
    }

    private static int sum(int[] slots) {
        int sum = 0;
        for (int slot : slots) {
            sum += slot;
        }
        return sum;
    }

    void reset() {
        begun = false;
    }
}
