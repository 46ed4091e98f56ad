package io.weft.policy.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.weft.preview.test.TestReport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What the control plane counts. */
final class ControlMetrics {

    private static final Duration[] BUCKETS =
            Stream.of(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

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
    private final AtomicInteger registered = new AtomicInteger();
    private final AtomicInteger behind = new AtomicInteger();
    private final AtomicInteger refusedNow = new AtomicInteger();

    ControlMetrics(MeterRegistry registry) {
        deltas =
                Counter.builder("weft.policy.pushes")
                        .description("Deltas sent to sidecars")
                        .register(registry);
        bytes =
                Counter.builder("weft.policy.push.bytes")
                        .description("Bytes of deltas sent to sidecars")
                        .register(registry);
        heartbeats =
                Counter.builder("weft.policy.heartbeats")
                        .description("Heartbeats sent to sidecars that had nothing new to hear")
                        .register(registry);
        accepted = commits(registry, "accepted");
        refused = commits(registry, "refused");
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
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
        compile =
                Timer.builder("weft.policy.compile")
                        .description("Compilation of a commit, with its policy tests")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
        testsPassed = tests(registry, "passed");
        testsFailed = tests(registry, "failed");
        gauge(registry, "weft.policy.connected", "Sidecars and gateways with a stream", connected);
        gauge(registry, "weft.policy.registered", "Sidecars and gateways with a lease", registered);
        gauge(
                registry,
                "weft.policy.behind",
                "Connected ones that have not yet acknowledged what they shall have",
                behind);
        gauge(
                registry,
                "weft.policy.refused",
                "1 while the newest commit is refused and an older one is in force",
                refusedNow);
    }

    private static void gauge(
            MeterRegistry registry, String name, String description, AtomicInteger value) {
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    }

    private static Counter commits(MeterRegistry registry, String result) {
        return Counter.builder("weft.policy.commits")
                .description("Commits that were taken or refused")
                .tag("result", result)
                .register(registry);
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
        refusedNow.set(taken ? 0 : 1);
    }

    /** The source has gone back to the commit in force. */
    void noLongerRefused() {
        refusedNow.set(0);
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

    void sessions(int all, int notInSync) {
        registered.set(all);
        behind.set(notInSync);
    }
}
