package io.weft.benchmarks.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessUsageTest {

    @Test
    void addsUserAndSystemTimeWhateverTheProcessIsCalled() {
        String stat =
                "4711 (a (very) odd name) S 1 4711 4711 0 -1 4194560 1 2 3 4 250 150 7 8 20 0 1 0 9";

        assertThat(ProcessUsage.cpuNanos(stat)).isEqualTo(4_000_000_000L);
    }

    @Test
    void saysNothingOfProcessesThatHaveEnded() {
        assertThat(ProcessUsage.cpuNanos(Long.MAX_VALUE)).isZero();
        assertThat(ProcessUsage.residentBytes(Long.MAX_VALUE)).isZero();
    }
}
