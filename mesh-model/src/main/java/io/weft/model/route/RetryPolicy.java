package io.weft.model.route;

import io.weft.model.Origin;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When and how often a request is tried again.
 *
 * @param retries tries beyond the first; 0 disables
 * @param perTryTimeout null where only the request's time-out counts
 * @param statuses answers that are retried with {@link RetryOn#RETRIABLE_STATUS_CODES}
 * @param backOffBase first pause; doubled each time up to {@code backOffMax}, with full jitter
 * @param avoidTriedHosts whether a retry prefers an endpoint that was not tried before
 * @param otherLocalities whether a retry may leave the locality
 */
public record RetryPolicy(
        int retries,
        @Nullable Duration perTryTimeout,
        Set<RetryOn> on,
        Set<Integer> statuses,
        Duration backOffBase,
        Duration backOffMax,
        @Nullable RetryBudget budget,
        boolean avoidTriedHosts,
        boolean otherLocalities,
        Origin origin) {

    public RetryPolicy {
        if (retries < 0) {
            throw new IllegalArgumentException("retries: " + retries + " (expected: >= 0)");
        }
        // Sorted, so that equal policies have equal content hashes.
        on = java.util.Collections.unmodifiableSet(new TreeSet<>(on));
        statuses = java.util.Collections.unmodifiableSet(new TreeSet<>(statuses));
    }
}
