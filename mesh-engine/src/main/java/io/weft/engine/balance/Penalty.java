package io.weft.engine.balance;

import io.weft.engine.RandomSource;
import io.weft.model.cluster.OutlierDetection;

/** How long an ejected endpoint stays out. */
final class Penalty {

    private static final long MAX_EJECTION_NANOS = 300_000_000_000L;

    private Penalty() {}

    /**
     * By Envoy's rule: the base times the number of ejections, at most 300 s.
     *
     * @param ejections at least 1
     */
    static long bySweeps(OutlierDetection settings, int ejections) {
        long base = settings.baseEjection().toNanos();
        long most = Math.max(base, MAX_EJECTION_NANOS);
        // Compared by division, so that large products do not overflow.
        return base > most / ejections ? most : base * ejections;
    }

    /**
     * By Linkerd's rule: it doubles with each failed probe, and some of it is added at random, so
     * that callers do not come back together.
     *
     * @param ejections without a recovery in between, at least 1
     */
    static long byProbes(OutlierDetection.Probation probation, int ejections, RandomSource random) {
        long least = probation.minPenalty().toNanos();
        long most = probation.maxPenalty().toNanos();
        int doublings = ejections - 1;
        long penalty = doublings < 62 && least <= most >> doublings ? least << doublings : most;
        double extra = probation.jitterRatio() * penalty;
        return extra < 1 ? penalty : penalty + random.nextLong((long) extra);
    }
}
