package io.weft.config;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Tells which commit is served and how old that knowledge is. A Git server that is away does not
 * make this service unhealthy: it goes on serving, says "stale" and why. Only when there is nothing
 * to serve at all is it down.
 */
final class MeshRepositoryHealthIndicator implements HealthIndicator {

    private final RepositoryTracker tracker;
    private final InstantSource clock;

    MeshRepositoryHealthIndicator(RepositoryTracker tracker, InstantSource clock) {
        this.tracker = tracker;
        this.clock = clock;
    }

    @Override
    public Health health() {
        RepositoryState state = tracker.state();
        boolean nothingEver = state.head() == null && state.lastSuccess() == null;
        Health.Builder health = nothingEver ? Health.down() : Health.up();
        health.withDetail("status", nothingEver ? "never fetched" : describe(state));
        if (state.head() != null) {
            health.withDetail("commit", state.head().commit());
        }
        Instant last = state.lastSuccess();
        if (last != null) {
            health.withDetail(
                    "lastFetchAgeSeconds",
                    Duration.between(last, clock.instant()).toMillis() / 1e3);
        }
        if (state.error() != null) {
            health.withDetail("error", state.error());
        }
        return health.build();
    }

    private static String describe(RepositoryState state) {
        if (state.stale()) {
            return "stale";
        }
        return state.empty() ? "empty" : "current";
    }
}
