package io.weft.benchmarks.engine;

import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Verdict;
import java.util.concurrent.TimeUnit;
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

/** Authorisation where the last of many rules allows: the worst case of a first match. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AuthorizationBenchmark {

    @Param({"10", "1000"})
    int rules;

    /** What tells the rules apart. */
    @Param({"PREFIX", "REGEX", "HEADER", "CALLER"})
    Samples.Kind by = Samples.Kind.PREFIX;

    private AuthzEngine engine = AuthzEngine.compile(Samples.rules(1, Samples.Kind.PREFIX));
    private SampleRequest request = Samples.request("backend.bench", "/");

    @Setup
    public void compile() {
        engine = AuthzEngine.compile(Samples.rules(rules, by));
        request = Samples.request(by, rules - 1);
    }

    @Benchmark
    public Verdict decide() {
        return engine.decide(request);
    }
}
