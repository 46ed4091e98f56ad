package io.weft.benchmarks.engine;

import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.route.CompiledRoutes;
import io.weft.engine.route.RouteDecision;
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
import org.openjdk.jmh.annotations.Warmup;

/** Finding the last of many routes: must cost about the same among ten as among 100,000. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoutesBenchmark {

    @Param({"1", "10", "10000", "100000"})
    int routes;

    /** What tells the routes apart. */
    @Param({"PREFIX", "REGEX", "HEADER"})
    Samples.Kind by = Samples.Kind.PREFIX;

    private final RandomSource random = RandomSource.system();
    private CompiledRoutes table = CompiledRoutes.compile(Samples.routes(1, Samples.Kind.PREFIX));
    private SampleRequest request = Samples.request("gateway.bench", "/");

    @Setup
    public void compile() {
        table = CompiledRoutes.compile(Samples.routes(routes, by));
        request = Samples.request(by, routes - 1);
    }

    @Benchmark
    public @Nullable RouteDecision match() {
        return table.match(request, random);
    }
}
