package io.weft.policy.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.policy.state.StateDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwksKeeperTest {

    private static final String ISSUER = "https://auth.example.com/keys";
    private static final String KEYS =
            "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}";

    @TempDir Path directory;
    private final AdjustableClock clock =
            AdjustableClock.stoppedAt(Instant.parse("2026-11-22T12:00:00Z"));
    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile CompletionStage<String> answer;

    private JwksKeeper keeper() {
        JwksKeeper keeper =
                new JwksKeeper(
                        uri -> {
                            fetches.incrementAndGet();
                            return answer;
                        },
                        Duration.ofMinutes(20),
                        StateDirectory.open(directory.resolve("state")),
                        clock::now);
        keeper.onChange(changes::incrementAndGet);
        return keeper;
    }

    private static CompletionStage<String> keys(String kid) {
        return CompletableFuture.completedStage(KEYS.formatted(kid));
    }

    private static CompletionStage<String> outage() {
        return CompletableFuture.failedStage(new IOException("connection refused"));
    }

    @Test
    void keepsTheLastGoodKeysThroughAnOutageAndARestart() {
        answer = keys("one");
        JwksKeeper keeper = keeper();
        keeper.want(Set.of(ISSUER));
        assertThat(keeper.find(ISSUER).json()).contains("one");
        assertThat(changes).hasValue(1);

        answer = outage();
        clock.advance(Duration.ofMinutes(21));
        keeper.tick();
        assertThat(fetches).hasValue(2);
        assertThat(keeper.find(ISSUER).json()).contains("one");
        assertThat(keeper.status().getFirst().error()).isEqualTo("connection refused");

        JwksKeeper restarted = keeper();
        restarted.want(Set.of(ISSUER));
        assertThat(restarted.find(ISSUER).json()).contains("one");

        answer = keys("two");
        clock.advance(Duration.ofMinutes(2));
        keeper.tick();
        assertThat(keeper.find(ISSUER).json()).contains("two").doesNotContain("one");
        assertThat(changes).hasValue(2);
    }

    @Test
    void rubbishCountsAsAnOutage() {
        answer = keys("one");
        JwksKeeper keeper = keeper();
        keeper.want(Set.of(ISSUER));
        for (String rubbish : new String[] {"<html>", "[]", "{}", "{\"keys\": 1}", ""}) {
            answer = CompletableFuture.completedStage(rubbish);
            clock.advance(Duration.ofMinutes(21));
            keeper.tick();
            assertThat(keeper.find(ISSUER).json()).as(rubbish).contains("one");
            assertThat(keeper.status().getFirst().error()).contains("key set");
        }
    }

    @Test
    void privateAndSymmetricKeysAreNotPassedOn() {
        answer =
                CompletableFuture.completedStage(
                        """
                        {"keys": [{"kty": "oct", "k": "c2VjcmV0"},
                                  {"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ", "d": "cHJpdmF0ZQ"}]}
                        """);
        JwksKeeper keeper = keeper();
        keeper.want(Set.of(ISSUER));
        assertThat(keeper.find(ISSUER).json())
                .contains("P-256")
                .doesNotContain("c2VjcmV0", "cHJpdmF0ZQ", "oct");
    }

    @Test
    void failuresAreTriedAgainEverMoreSlowlyAndAFloodOfRequestsIsOneFetch() {
        answer = outage();
        JwksKeeper keeper = keeper();
        keeper.want(Set.of(ISSUER));
        assertThat(keeper.find(ISSUER)).isNull();
        for (int second = 0; second < 120; second++) {
            clock.advance(Duration.ofSeconds(1));
            keeper.tick();
        }
        assertThat(fetches.get()).isBetween(5, 9);

        int before = fetches.get();
        clock.advance(Duration.ofSeconds(31));
        for (int i = 0; i < 100; i++) {
            keeper.refreshSoon(ISSUER);
        }
        assertThat(fetches).hasValue(before + 1);
        keeper.refreshSoon("https://not.wanted/keys");
        assertThat(fetches).hasValue(before + 1);
    }

    @Test
    void whatNoPolicyNamesIsForgotten() {
        answer = keys("one");
        JwksKeeper keeper = keeper();
        keeper.want(Set.of(ISSUER));
        keeper.want(Set.of());
        assertThat(keeper.find(ISSUER)).isNull();
    }
}
