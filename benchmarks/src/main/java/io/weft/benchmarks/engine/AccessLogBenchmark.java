package io.weft.benchmarks.engine;

import io.weft.dataplane.telemetry.AccessLogWriter;
import io.weft.model.telemetry.AccessLog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a record of the access log costs the event loop: filter, format, hand-over. The writer's
 * thread throws it away; it runs beside, and what does not fit its queue is dropped.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AccessLogBenchmark {

    /** The default line, the default JSON, and a filter that nothing passes. */
    @Param({"TEXT", "JSON", "FILTERED"})
    String format = "TEXT";

    private final SampleExchange exchange = new SampleExchange();
    private @Nullable AccessLogWriter log;

    @Setup
    public void open() {
        AccessLogWriter writer = new AccessLogWriter(Map.of(AccessLogWriter.STDOUT, text -> {}));
        writer.update(
                List.of(
                        new AccessLog(
                                AccessLogWriter.STDOUT,
                                format.equals("JSON")
                                        ? new AccessLog.Format.Json(Map.of())
                                        : new AccessLog.Format.Text(""),
                                format.equals("FILTERED") ? "response.code >= 500" : "",
                                Samples.ORIGIN)));
        log = writer;
    }

    @TearDown
    public void close() {
        if (log != null) {
            log.close();
        }
    }

    @Benchmark
    public void record() {
        if (log != null) {
            log.finished(exchange);
        }
    }
}
