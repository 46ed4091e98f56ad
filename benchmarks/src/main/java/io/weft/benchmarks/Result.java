package io.weft.benchmarks;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What a proxy showed in a scenario.
 *
 * @param cpuMicros processor time per request of the closed loop, one number a round
 * @param requestsPerSecond of the closed loop, one a round
 * @param cpuMicrosAtRate processor time per request of the open loop, one a round
 * @param latency of the open loop, nanoseconds, all rounds
 * @param residentBytes of all its processes, under load
 * @param residentBytesOfOne of its largest proxy, under load
 * @param busyElsewhere processors that were busy with other work while it was measured
 */
record Result(
        String scenario,
        String proxy,
        double[] cpuMicros,
        double[] requestsPerSecond,
        double[] cpuMicrosAtRate,
        Histogram latency,
        long errors,
        long residentBytes,
        long residentBytesOfOne,
        double busyElsewhere) {

    /** The middle round: one that was disturbed does not count. */
    static double median(double[] rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    double cpu() {
        return median(cpuMicros);
    }

    double micros(double percentile) {
        return latency.getValueAtPercentile(percentile) / 1000.0;
    }

    /** Processor time as a multiple of another's. */
    double ratioTo(Result other) {
        return cpu() / other.cpu();
    }

    /** Those of the same scenario. */
    List<Result> siblings(List<Result> all) {
        return all.stream()
                .filter(other -> other.scenario.equals(scenario) && other != this)
                .toList();
    }
}
