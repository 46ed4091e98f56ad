package io.weft.model.cluster;

import io.weft.model.Origin;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is done for the endpoints of a cluster beside balancing.
 *
 * @param check null where endpoints are not asked how they do
 * @param slowStart null where a new endpoint takes its full share at once
 */
public record EndpointCare(
        @Nullable HealthCheck check, @Nullable SlowStart slowStart, Origin origin) {

    /** The same with a slow start where none was asked for. */
    public EndpointCare orSlowStart(SlowStart other) {
        return slowStart == null ? new EndpointCare(check, other, origin) : this;
    }

    /**
     * Asks each endpoint in turn.
     *
     * @param path of an HTTP GET; empty only connects
     * @param host what the request's Host says; empty is the service's
     * @param unhealthyThreshold failures in a row that take an endpoint out
     * @param healthyThreshold successes in a row that bring it back
     * @param expectedStatuses empty expects any below 400
     */
    public record HealthCheck(
            String path,
            String host,
            Duration interval,
            Duration timeout,
            int unhealthyThreshold,
            int healthyThreshold,
            List<Integer> expectedStatuses) {
        public HealthCheck {
            expectedStatuses = List.copyOf(expectedStatuses);
            if (interval.isZero() || interval.isNegative()) {
                throw new IllegalArgumentException(
                        "interval: " + interval + " (expected: above 0)");
            }
        }
    }

    /**
     * An endpoint that is new, or back, takes on load by and by.
     *
     * @param window until it takes its full share
     * @param minPercent of its share that it takes at least
     * @param aggression its share is the part of the window that is over, to the power of {@code
     *     1/aggression}: 1 is a straight line, more takes load on sooner
     */
    public record SlowStart(Duration window, int minPercent, double aggression) {
        public SlowStart {
            if (window.isZero() || window.isNegative() || aggression < 1) {
                throw new IllegalArgumentException(
                        "slow start: window "
                                + window
                                + ", aggression "
                                + aggression
                                + " (expected: above 0, at least 1)");
            }
        }
    }
}
