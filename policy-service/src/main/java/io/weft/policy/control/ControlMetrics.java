package io.weft.policy.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.weft.preview.test.TestReport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** What the control plane counts. */
final class ControlMetrics {

    private final Counter deltas;
    private final Counter bytes;
    private final Counter heartbeats;
    private final Counter accepted;
    private final Counter refused;
    private final Counter nacks;
    private final Counter buildFailures;
    private final Timer convergence;
    private final Timer compile;
    private final Counter testsPassed;
    private final Counter testsFailed;
    private final AtomicInteger connected = new AtomicInteger();

    ControlMetrics(MeterRegistry registry) {
        deltas =
                Counter.builder("weft.policy.pushes")
                        .description("Deltas sent to sidecars")
                        .register(registry);
        bytes =
                Counter.builder("weft.policy.push.bytes")
                        .description("Bytes of deltas sent to sidecars")
                        .register(registry);
        heartbeats = Counter.builder("weft.policy.heartbeats").register(registry);
        accepted =
                Counter.builder("weft.policy.commits").tag("result", "accepted").register(registry);
        refused =
                Counter.builder("weft.policy.commits").tag("result", "refused").register(registry);
        nacks =
                Counter.builder("weft.policy.nacks")
                        .description("Deltas that a sidecar refused")
                        .register(registry);
        buildFailures =
                Counter.builder("weft.policy.build.failures")
                        .description("Workloads whose configuration could not be built")
                        .register(registry);
        convergence =
                Timer.builder("weft.policy.convergence")
                        .description("From a commit in force to the last acknowledgement")
                        .register(registry);
        compile = Timer.builder("weft.policy.compile").register(registry);
        testsPassed = tests(registry, "passed");
        testsFailed = tests(registry, "failed");
        registry.gauge("weft.policy.connected", connected);
    }

    private static Counter tests(MeterRegistry registry, String result) {
        return Counter.builder("weft.policy.tests")
                .description("Policy tests that were run on commits")
                .tag("result", result)
                .register(registry);
    }

    void tested(TestReport report) {
        int failed = report.failures().size();
        testsFailed.increment(failed);
        testsPassed.increment(report.results().size() - failed);
    }

    void sent(int size) {
        deltas.increment();
        bytes.increment(size);
    }

    void heartbeat() {
        heartbeats.increment();
    }

    void offered(boolean taken) {
        (taken ? accepted : refused).increment();
    }

    void nack() {
        nacks.increment();
    }

    void buildFailed() {
        buildFailures.increment();
    }

    void converged(Duration after) {
        convergence.record(after);
    }

    void compiled(Duration took) {
        compile.record(took);
    }

    void connected(int count) {
        connected.set(count);
    }
}
