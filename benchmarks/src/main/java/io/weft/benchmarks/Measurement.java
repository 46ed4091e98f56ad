package io.weft.benchmarks;

import io.weft.benchmarks.load.Load;
import io.weft.benchmarks.load.Loops;
import io.weft.benchmarks.load.Mark;
import io.weft.benchmarks.load.Pace;
import io.weft.benchmarks.load.Target;
import io.weft.benchmarks.proxy.ProcessUsage;
import io.weft.benchmarks.proxy.RunningProxy;
import io.weft.benchmarks.proxy.Scenario;
import io.weft.benchmarks.proxy.Site;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A proxy, or nothing at all, that is measured round after round; rounds of several are interleaved
 * by the caller, so that what disturbs the machine disturbs them alike.
 */
final class Measurement implements AutoCloseable {

    private static final Duration LEAD_IN = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final String proxy;
    private final Scenario scenario;
    private final @Nullable RunningProxy running;
    private final List<RunningProxy> others;
    private final Loops loops;
    private final Target target;
    private final CompareOptions options;
    private final double[] cpu;
    private final double[] rps;
    private final double[] cpuAtRate;
    private final Histogram latency = new Histogram(3);
    private double busyElsewhere;
    private int rounds;
    private long errors;
    private long resident;
    private long residentOfOne;

    /**
     * @param running null measures the way without a proxy
     * @param backend whose processor time is not other work
     */
    Measurement(
            String proxy,
            Scenario scenario,
            @Nullable RunningProxy running,
            @Nullable RunningProxy backend,
            int port,
            Loops loops,
            CompareOptions options) {
        this.proxy = proxy;
        this.scenario = scenario;
        this.running = running;
        this.others = backend == null ? List.of() : List.of(backend);
        this.loops = loops;
        this.target =
                new Target(port, running != null && scenario.http2(), Site.AUTHORITY, Site.PATH);
        this.options = options;
        this.cpu = new double[options.rounds()];
        this.rps = new double[options.rounds()];
        this.cpuAtRate = new double[options.rounds()];
    }

    String proxy() {
        return proxy;
    }

    /** Waits for the first good answer. */
    void awaitServing() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Load one = Load.start(loops, target, new Pace.Closed(1))) {
            while (one.mark().requests() == 0) {
                if (System.nanoTime() > deadline || (running != null && !running.isAlive())) {
                    throw new IOException(
                            proxy
                                    + " does not serve "
                                    + scenario.name()
                                    + (running == null
                                            ? ""
                                            : "; its last words:\n" + running.lastWords()));
                }
                Thread.sleep(LOOK);
            }
        }
    }

    void warm(Duration duration) throws InterruptedException {
        try (Load load = Load.start(loops, target, new Pace.Closed(options.concurrency()))) {
            Thread.sleep(duration);
        }
    }

    /** One window of each loop. */
    void round() throws InterruptedException {
        Window closed = window(new Pace.Closed(options.concurrency()));
        cpu[rounds] = closed.cpuMicros();
        rps[rounds] = closed.mark().requestsPerSecond();
        if (running != null) {
            resident = Math.max(resident, running.residentBytes());
            residentOfOne = Math.max(residentOfOne, running.residentBytesOfOne());
        }
        Window open = window(new Pace.Open(options.rate(), options.concurrency()));
        cpuAtRate[rounds] = open.cpuMicros();
        latency.add(open.mark().latency());
        errors += closed.mark().errors() + open.mark().errors();
        busyElsewhere += closed.busyElsewhere() + open.busyElsewhere();
        rounds++;
    }

    Result result() {
        return new Result(
                scenario.name(),
                proxy,
                Arrays.copyOf(cpu, rounds),
                Arrays.copyOf(rps, rounds),
                Arrays.copyOf(cpuAtRate, rounds),
                latency,
                errors,
                resident,
                residentOfOne,
                busyElsewhere / (2 * Math.max(1, rounds)));
    }

    private record Window(Mark mark, double cpuMicros, double busyElsewhere) {}

    private Window window(Pace pace) throws InterruptedException {
        try (Load load = Load.start(loops, target, pace)) {
            Thread.sleep(LEAD_IN);
            load.mark();
            long cpuBefore = cpuOfProxy();
            long foreignBefore = foreign();
            Thread.sleep(options.window());
            Mark mark = load.mark();
            long cpuUsed = cpuOfProxy() - cpuBefore;
            long foreign = foreign() - foreignBefore;
            return new Window(
                    mark,
                    cpuUsed / 1000.0 / Math.max(1, mark.requests()),
                    Math.max(0, foreign / (double) mark.nanos()));
        }
    }

    private long cpuOfProxy() {
        return running == null ? 0 : running.cpuNanos();
    }

    /** Processor time of whatever has nothing to do with this measurement. */
    private long foreign() {
        long own = cpuOfProxy() + ProcessUsage.cpuNanos(ProcessHandle.current().pid());
        for (RunningProxy other : others) {
            own += other.cpuNanos();
        }
        return ProcessUsage.machineNanos() - own;
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }
}
