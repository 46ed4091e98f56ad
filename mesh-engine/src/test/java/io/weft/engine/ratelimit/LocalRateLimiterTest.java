package io.weft.engine.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Origins;
import io.weft.engine.SampleRequest;
import io.weft.model.route.Filter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LocalRateLimiterTest {

    private final AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);

    private LocalRateLimiter limiter(int tokens, int burst, String key) {
        return new LocalRateLimiter(
                new Filter.LocalRateLimit(
                        tokens, Duration.ofSeconds(1), burst, key, Origins.line(1)),
                clock);
    }

    private static SampleRequest from(String user) {
        return SampleRequest.http("GET", "/").header("x-user", user).build();
    }

    private static int allowed(LocalRateLimiter limiter, SampleRequest request, int times) {
        int allowed = 0;
        for (int i = 0; i < times; i++) {
            allowed += limiter.tryAcquire(request) ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void aBurstIsAllowedAndThenTheRate() {
        LocalRateLimiter limiter = limiter(3, 5, "");
        assertThat(allowed(limiter, from("a"), 20)).isEqualTo(5);
        assertThat(limiter.bucket(from("a")).untilNext())
                .isBetween(Duration.ofMillis(333), Duration.ofMillis(334));
        clock.advance(Duration.ofSeconds(1));
        assertThat(allowed(limiter, from("a"), 20)).isEqualTo(3);
        clock.advance(Duration.ofHours(1));
        assertThat(allowed(limiter, from("a"), 20)).isEqualTo(5);
    }

    @Test
    void everyValueOfTheKeyHasABucketOfItsOwn() {
        LocalRateLimiter limiter = limiter(2, 0, "X-User");
        assertThat(allowed(limiter, from("a"), 5)).isEqualTo(2);
        assertThat(allowed(limiter, from("b"), 5)).isEqualTo(2);
        assertThat(allowed(limiter, SampleRequest.http("GET", "/").build(), 5)).isEqualTo(2);
    }

    @Test
    void principalsCanBeTheKey() {
        LocalRateLimiter limiter = limiter(1, 1, ":principal");
        SampleRequest one = SampleRequest.http("GET", "/").peer("spiffe://t/ns/a/sa/b").build();
        SampleRequest other = SampleRequest.http("GET", "/").peer("spiffe://t/ns/a/sa/c").build();
        assertThat(allowed(limiter, one, 3)).isEqualTo(1);
        assertThat(allowed(limiter, other, 3)).isEqualTo(1);
    }

    @Test
    void manyValuesDoNotFillTheMemory() {
        LocalRateLimiter limiter = limiter(1, 1, "x-user");
        for (int i = 0; i < LocalRateLimiter.MAX_KEYS + 500; i++) {
            limiter.tryAcquire(from("user-" + i));
        }
        assertThat(limiter.keys()).isEqualTo(LocalRateLimiter.MAX_KEYS);
        clock.advance(Duration.ofSeconds(2));
        limiter.tryAcquire(from("one more"));
        assertThat(limiter.keys()).isEqualTo(1);
    }
}
