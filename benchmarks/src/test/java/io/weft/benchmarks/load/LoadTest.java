package io.weft.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void countsTheAnswersOfAServerThatAnswers() {
        try (Loops loops = new Loops();
                NettyBackend backend = new NettyBackend(loops, "hello");
                Load load = Load.start(loops, target(backend.port()), new Pace.Closed(4))) {
            Mark mark = awaitRequests(load, 1000);

            assertThat(mark.errors()).isZero();
            assertThat(mark.latency().getTotalCount()).isEqualTo(mark.requests());
        }
    }

    @Test
    void sendsNoMoreThanTheRateInAnOpenLoop() {
        try (Loops loops = new Loops();
                NettyBackend backend = new NettyBackend(loops, "hello");
                Load load = Load.start(loops, target(backend.port()), new Pace.Open(500, 8))) {
            Mark mark = awaitRequests(load, 100);

            // Requests that were due, whenever the machine let them go; one that is just going.
            assertThat(mark.requests()).isLessThanOrEqualTo(mark.nanos() / 2_000_000 + 2);
            assertThat(mark.errors()).isZero();
        }
    }

    @Test
    void countsConnectionsThatCannotBeMadeAsErrors() {
        int port;
        try (Loops loops = new Loops();
                NettyBackend gone = new NettyBackend(loops, "hello")) {
            port = gone.port();
        }
        try (Loops loops = new Loops();
                Load load = Load.start(loops, target(port), new Pace.Closed(1))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long errors = 0;
            while (errors == 0 && System.nanoTime() < deadline) {
                Mark mark = load.mark();
                assertThat(mark.requests()).isZero();
                errors += mark.errors();
            }

            assertThat(errors).isPositive();
        }
    }

    private static Target target(int port) {
        return new Target(port, false, "backend.bench", "/");
    }

    /** The mark at which that many requests have been answered, all since the start. */
    private static Mark awaitRequests(Load load, int wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long requests = 0;
        long errors = 0;
        long nanos = 0;
        var latency = new org.HdrHistogram.Histogram(3);
        while (requests < wanted && System.nanoTime() < deadline) {
            Mark mark = load.mark();
            requests += mark.requests();
            errors += mark.errors();
            nanos += mark.nanos();
            latency.add(mark.latency());
        }
        assertThat(requests).isGreaterThanOrEqualTo(wanted);
        return new Mark(requests, errors, nanos, latency);
    }
}
