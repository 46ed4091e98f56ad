package io.weft.model.cluster;

import io.weft.model.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an endpoint is left out for a time.
 *
 * @param consecutive5xx failures in a row (also connection failures), 0 is off
 * @param consecutiveGatewayErrors 502, 503, 504 and connection failures in a row, 0 is off
 * @param interval between sweeps that let endpoints return
 * @param baseEjection times the number of ejections is how long an endpoint stays out
 * @param maxEjectionPercent at most this share is out; at least one endpoint may always be ejected
 *     unless it is 0
 * @param minHealthPercent below this share of healthy endpoints all are used again (panic), 0 is
 *     off
 * @param successRate ejects endpoints that answer too little well, too; null for none
 * @param probation how an endpoint comes back by a probe; null where it comes back by time alone,
 *     as {@code interval} and {@code baseEjection} say
 */
public record OutlierDetection(
        int consecutive5xx,
        int consecutiveGatewayErrors,
        Duration interval,
        Duration baseEjection,
        int maxEjectionPercent,
        int minHealthPercent,
        @Nullable SuccessRate successRate,
        @Nullable Probation probation,
        Origin origin) {

    /**
     * An endpoint is ejected when less than a share of its requests succeeds.
     *
     * @param threshold the share, above 0 to 1
     * @param window how far back requests count
     * @param minRequests that must have been made in it
     */
    public record SuccessRate(double threshold, Duration window, int minRequests) {
        public SuccessRate {
            if (window.isNegative() || window.isZero()) {
                throw new IllegalArgumentException("window: " + window + " (expected: > 0)");
            }
        }
    }

    /**
     * An ejected endpoint is tried with one real request once its penalty is over: a success brings
     * it back, a failure doubles the penalty.
     *
     * @param jitterRatio at most this share of the penalty is added at random
     */
    public record Probation(Duration minPenalty, Duration maxPenalty, double jitterRatio) {
        public Probation {
            if (minPenalty.isNegative() || maxPenalty.compareTo(minPenalty) < 0) {
                throw new IllegalArgumentException(
                        "penalties: "
                                + minPenalty
                                + ", "
                                + maxPenalty
                                + " (expected: 0 <= minPenalty <= maxPenalty)");
            }
            if (!(jitterRatio >= 0)) {
                throw new IllegalArgumentException(
                        "jitterRatio: " + jitterRatio + " (expected: >= 0)");
            }
        }
    }

    /** Without a success rate, and without probes. */
    public OutlierDetection(
            int consecutive5xx,
            int consecutiveGatewayErrors,
            Duration interval,
            Duration baseEjection,
            int maxEjectionPercent,
            int minHealthPercent,
            Origin origin) {
        this(
                consecutive5xx,
                consecutiveGatewayErrors,
                interval,
                baseEjection,
                maxEjectionPercent,
                minHealthPercent,
                null,
                null,
                origin);
    }
}
