package io.weft.model.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Circuit breaking by numbers; each counts in one proxy. {@link Integer#MAX_VALUE} is no limit.
 *
 * @param maxRequestsPerConnection 0 is no limit
 * @param maxConnectionAge null is no limit
 * @param retryBudget bounds retries by what is under way, in place of {@code maxRetries}; null for
 *     none
 */
public record ConnectionLimits(
        int maxConnections,
        int maxPendingRequests,
        int maxRequests,
        int maxRetries,
        int maxRequestsPerConnection,
        Duration connectTimeout,
        Duration idleTimeout,
        @Nullable Duration maxConnectionAge,
        @Nullable RetryShare retryBudget) {

    /**
     * Retries that may be under way at the same time.
     *
     * @param percent of the requests that are under way, 0 to 100
     * @param min are always allowed
     */
    public record RetryShare(double percent, int min) {}

    /** Without a retry budget. */
    public ConnectionLimits(
            int maxConnections,
            int maxPendingRequests,
            int maxRequests,
            int maxRetries,
            int maxRequestsPerConnection,
            Duration connectTimeout,
            Duration idleTimeout,
            @Nullable Duration maxConnectionAge) {
        this(
                maxConnections,
                maxPendingRequests,
                maxRequests,
                maxRetries,
                maxRequestsPerConnection,
                connectTimeout,
                idleTimeout,
                maxConnectionAge,
                null);
    }

    public static final ConnectionLimits DEFAULT =
            new ConnectionLimits(
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    Integer.MAX_VALUE,
                    0,
                    Duration.ofSeconds(10),
                    Duration.ofHours(1),
                    null);
}
