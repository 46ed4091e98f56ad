package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RateLimitTest {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void letsABurstThroughAndThenOneEachInterval() {
        RateLimit limit = new RateLimit(3, Duration.ofSeconds(1), () -> now);

        assertThat(
                        new boolean[] {
                            limit.tryAcquire(),
                            limit.tryAcquire(),
                            limit.tryAcquire(),
                            limit.tryAcquire()
                        })
                .containsExactly(true, true, true, false);
        now = now.plusSeconds(1);
        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isFalse();
        now = now.plusSeconds(3600);
        assertThat(
                        new boolean[] {
                            limit.tryAcquire(),
                            limit.tryAcquire(),
                            limit.tryAcquire(),
                            limit.tryAcquire()
                        })
                .containsExactly(true, true, true, false);
    }
}
