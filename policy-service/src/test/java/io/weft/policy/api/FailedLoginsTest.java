package io.weft.policy.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {

    private final AdjustableClock clock =
            AdjustableClock.stoppedAt(Instant.parse("2026-11-22T12:00:00Z"));

    @Test
    void tenWrongTokensWithinAMinuteCloseTheDoorForThatAddressAlone() {
        FailedLogins failures = new FailedLogins(clock::now);
        for (int i = 0; i < 10; i++) {
            assertThat(failures.isBlocked("192.0.2.1")).isFalse();
            failures.failed("192.0.2.1");
        }
        assertThat(failures.isBlocked("192.0.2.1")).isTrue();
        assertThat(failures.isBlocked("192.0.2.2")).isFalse();
        clock.advance(Duration.ofMinutes(1));
        assertThat(failures.isBlocked("192.0.2.1")).isFalse();
    }

    @Test
    void aFloodOfAddressesDoesNotGrowTheTable() {
        FailedLogins failures = new FailedLogins(clock::now);
        for (int i = 0; i < 20_000; i++) {
            failures.failed("2001:db8::" + Integer.toHexString(i));
        }
        assertThat(failures.isBlocked("2001:db8::0")).isFalse();
    }
}
