package io.weft.engine.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConcurrencyLimiterTest {

    private final AdjustableClock clock = AdjustableClock.running();

    /** Keeps as many under way as it may, each of that latency. */
    private void load(ConcurrencyLimiter limiter, Duration latency, int rounds) {
        for (int round = 0; round < rounds; round++) {
            int taken = 0;
            while (limiter.tryAcquire()) {
                taken++;
            }
            clock.advance(Duration.ofMillis(110));
            for (int i = 0; i < taken; i++) {
                limiter.release(latency.toNanos());
            }
        }
    }

    @Test
    void growsWhileAnswersStayFast() {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 200, clock);
        int before = limiter.limit();
        load(limiter, Duration.ofMillis(10), 50);
        assertThat(limiter.limit()).isGreaterThan(before).isLessThanOrEqualTo(200);
    }

    @Test
    void shrinksWhenAnswersSlowDownAndNeverBelowItsMinimum() {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(4, 200, clock);
        load(limiter, Duration.ofMillis(10), 50);
        int before = limiter.limit();
        load(limiter, Duration.ofMillis(200), 100);
        assertThat(limiter.limit()).isLessThan(before / 2).isGreaterThanOrEqualTo(4);
    }

    @Test
    void letsNoMoreThroughThanItsMaximum() {
        ConcurrencyLimiter limiter = new ConcurrencyLimiter(1, 3, clock);
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.tryAcquire()).isTrue();
        }
        assertThat(limiter.tryAcquire()).isFalse();
        limiter.release(-1);
        assertThat(limiter.tryAcquire()).isTrue();
        assertThat(limiter.active()).isEqualTo(3);
    }
}
