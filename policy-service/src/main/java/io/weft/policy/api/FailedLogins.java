package io.weft.policy.api;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has shown wrong tokens lately, by address; the oldest addresses are forgotten. Thread-safe.
 */
final class FailedLogins {

    private static final int ALLOWED = 10;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MAX_ADDRESSES = 10_000;

    private final InstantSource clock;
    private final Map<String, Count> counts = new LinkedHashMap<>(16, 0.75f, true);

    FailedLogins(InstantSource clock) {
        this.clock = clock;
    }

    synchronized boolean isBlocked(String address) {
        Count count = counts.get(address);
        return count != null
                && count.failures >= ALLOWED
                && clock.instant().isBefore(count.since.plus(WINDOW));
    }

    synchronized void failed(String address) {
        Instant now = clock.instant();
        Count count = counts.get(address);
        counts.put(
                address,
                count == null || !now.isBefore(count.since.plus(WINDOW))
                        ? new Count(now, 1)
                        : new Count(count.since, count.failures + 1));
        if (counts.size() > MAX_ADDRESSES) {
            counts.remove(counts.keySet().iterator().next());
        }
    }

    private record Count(Instant since, int failures) {}
}
