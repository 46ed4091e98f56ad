package io.weft.benchmarks.engine;

import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.engine.balance.Balancer;
import io.weft.engine.balance.Balancers;
import io.weft.engine.balance.EndpointLease;
import io.weft.engine.balance.Outcome;
import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

/** Picking one of a hundred endpoints and giving it back, with outlier detection. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BalancerBenchmark {

    private static final int ENDPOINTS = 100;

    @Param({"LEAST_REQUEST", "ROUND_ROBIN", "RANDOM", "PEAK_EWMA", "RING", "MAGLEV"})
    Kind kind = Kind.LEAST_REQUEST;

    /** How an endpoint is picked. */
    public enum Kind {
        LEAST_REQUEST(new LoadBalancing.LeastRequest()),
        ROUND_ROBIN(new LoadBalancing.RoundRobin()),
        RANDOM(new LoadBalancing.Random()),
        PEAK_EWMA(new LoadBalancing.PeakEwma(Duration.ofMillis(30), Duration.ofSeconds(10))),
        RING(hash(LoadBalancing.Table.RING)),
        MAGLEV(hash(LoadBalancing.Table.MAGLEV));

        private final LoadBalancing balancing;

        Kind(LoadBalancing balancing) {
            this.balancing = balancing;
        }

        private static LoadBalancing hash(LoadBalancing.Table table) {
            return new LoadBalancing.ConsistentHash(
                    new LoadBalancing.HashKey.Header("x-request-id"), table, 1024);
        }
    }

    private final SampleRequest request = Samples.request("backend.bench", "/items/42");
    private Balancer balancer = balancer(Kind.RANDOM);

    @Setup
    public void compile() {
        balancer = balancer(kind);
    }

    private static Balancer balancer(Kind kind) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < ENDPOINTS; i++) {
            endpoints.add(
                    new Endpoint(
                            "backend-" + i,
                            "10.0.0." + i,
                            8080,
                            null,
                            "bench",
                            "backend",
                            Map.of(),
                            Locality.UNKNOWN,
                            1));
        }
        OutlierDetection outlier =
                new OutlierDetection(
                        5,
                        0,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        10,
                        0,
                        Samples.ORIGIN);
        Cluster cluster =
                new Cluster(
                        "backend.bench:8080",
                        "backend.bench",
                        8080,
                        "",
                        AppProtocol.HTTP,
                        Map.of(),
                        List.of("backend.bench:8080"),
                        kind.balancing,
                        LocalityPolicy.OFF,
                        ConnectionLimits.DEFAULT,
                        outlier,
                        new UpstreamTls.Automatic(),
                        Samples.ORIGIN);
        return new Balancers(MeshClock.system(), RandomSource.system())
                .compile(
                        cluster,
                        List.of(
                                new EndpointSet(
                                        "backend.bench:8080", Resolution.STATIC, endpoints)),
                        Locality.UNKNOWN,
                        Map.of());
    }

    @Benchmark
    public EndpointLease pick() {
        EndpointLease lease = java.util.Objects.requireNonNull(balancer.pick(request));
        lease.complete(Outcome.SUCCESS);
        return lease;
    }
}
