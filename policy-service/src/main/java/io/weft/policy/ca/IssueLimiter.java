package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each identity; the least recently seen identities are forgotten. Thread-safe.
 */
final class IssueLimiter {

    private static final int MAX_IDENTITIES = 10_000;

    private final int perMinute;
    private final InstantSource clock;
    private final Map<SpiffeId, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    IssueLimiter(int perMinute, InstantSource clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    synchronized boolean tryAcquire(SpiffeId identity) {
        Instant now = clock.instant();
        Bucket bucket = buckets.get(identity);
        double tokens =
                bucket == null
                        ? perMinute
                        : Math.min(perMinute, bucket.tokens + refill(bucket.at, now));
        boolean granted = tokens >= 1;
        buckets.put(identity, new Bucket(granted ? tokens - 1 : tokens, now));
        if (buckets.size() > MAX_IDENTITIES) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        return granted;
    }

    private double refill(Instant since, Instant now) {
        double seconds = Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
        return seconds * perMinute / 60;
    }

    private record Bucket(double tokens, Instant at) {}
}
