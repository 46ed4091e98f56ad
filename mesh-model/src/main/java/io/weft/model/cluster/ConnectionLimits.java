package io.weft.model.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Circuit breaking by numbers; each counts in one proxy. {@link Integer#MAX_VALUE} is no limit.
 *
 * @param maxRequestsPerConnection 0 is no limit
 * @param maxConnectionAge null is no limit
 */
public record ConnectionLimits(
        int maxConnections,
        int maxPendingRequests,
        int maxRequests,
        int maxRetries,
        int maxRequestsPerConnection,
        Duration connectTimeout,
        Duration idleTimeout,
        @Nullable Duration maxConnectionAge) {

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
