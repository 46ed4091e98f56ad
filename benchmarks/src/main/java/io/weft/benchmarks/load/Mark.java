package io.weft.benchmarks.load;

import org.HdrHistogram.Histogram;

/**
 * What happened between two marks.
 *
 * @param requests answered with 200 and their whole body
 * @param errors other answers, and connections that ended
 * @param nanos length of the interval
 * @param latency of the answered ones, nanoseconds
 */
public record Mark(long requests, long errors, long nanos, Histogram latency) {

    public double requestsPerSecond() {
        return requests * 1e9 / nanos;
    }
}
