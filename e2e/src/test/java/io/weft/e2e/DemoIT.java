package io.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The blog behind the mesh, from a Git commit to an enforced request. */
class DemoIT {

    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @ParameterizedTest
    @ValueSource(strings = {"istio", "smi", "consul"})
    void theAcceptanceListHoldsInEachDialect(String dialect) {
        Weft.Outcome outcome = Weft.run(PATIENCE, "demo", "--check", "--dialect", dialect);
        System.out.println(outcome.output());
        assertThat(outcome.exitCode()).as("%s%n%s", outcome.output(), outcome.errors()).isZero();
        assertThat(outcome.output()).containsPattern("[1-9][0-9]* passed, 0 failed");
    }

    @Test
    void anUnknownDialectIsOneClearLineAndStartsNothing() {
        Weft.Outcome outcome = Weft.run(Duration.ofMinutes(1), "demo", "--dialect", "osm");
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.errors()).contains("osm").contains("istio");
    }
}
