package io.weft.benchmarks.engine;

import io.weft.engine.path.PathNormalizer;
import io.weft.model.listener.PathNormalization;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Normalising paths: one that is clean already, as nearly all are, and one that is not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PathBenchmark {

    private String clean = "/service-42/items/4711/reviews";
    private String dirty = "/service-42/./items//%34711/../4711/reviews";

    @Benchmark
    public @Nullable String clean() {
        return PathNormalizer.normalize(clean, PathNormalization.MERGE_SLASHES);
    }

    @Benchmark
    public @Nullable String dirty() {
        return PathNormalizer.normalize(dirty, PathNormalization.MERGE_SLASHES);
    }
}
