package io.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.benchmarks.proxy.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CompareOptionsTest {

    private static CompareOptions parse(String... arguments) {
        return CompareOptions.parse(Path.of("."), arguments);
    }

    @Test
    void comparesWithAllPeersInAllScenariosUnlessToldOtherwise() {
        CompareOptions options = parse();

        assertThat(options.peers()).containsExactly("nginx", "haproxy", "envoy", "scg");
        assertThat(options.scenarios()).isEqualTo(Scenario.all()).hasSize(8);
        assertThat(options.rounds()).isEqualTo(5);
        assertThat(options.json()).isFalse();
    }

    @Test
    void readsEveryOption() {
        CompareOptions options =
                parse(
                        "--json",
                        "--peers",
                        "nginx,envoy",
                        "--seconds",
                        "2",
                        "--rounds",
                        "3",
                        "--scenarios",
                        "pair-h1-mtls-full",
                        "--routes",
                        "100000",
                        "--rate",
                        "500");

        assertThat(options.json()).isTrue();
        assertThat(options.peers()).containsExactly("nginx", "envoy");
        assertThat(options.window()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.rounds()).isEqualTo(3);
        assertThat(options.scenarios()).containsExactly(Scenario.parse("pair-h1-mtls-full"));
        assertThat(options.rate()).isEqualTo(500);
        assertThat(options.routes()).isEqualTo(100_000);
    }

    @Test
    void saysWhatWasExpectedInsteadOfAWrongValue() {
        assertThatThrownBy(() -> parse("--peers", "apache"))
                .hasMessage("--peers: 'apache' (expected: nginx,haproxy,envoy,scg)");
        assertThatThrownBy(() -> parse("--scenarios", "triple"))
                .hasMessageStartingWith("scenario: 'triple' (expected: one of single-h1-plain, ");
        assertThatThrownBy(() -> parse("--seconds", "0"))
                .hasMessage("--seconds: '0' (expected: a number above 0)");
        assertThatThrownBy(() -> parse("--rounds")).hasMessage("--rounds: '' (expected: a value)");
    }
}
