package io.weft.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.model.Locality;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LoadBalancing.ConsistentHash;
import io.weft.model.cluster.LoadBalancing.HashKey;
import io.weft.model.cluster.LoadBalancing.Table;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.resource.EndpointSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BalancerTest {

    private static final SampleRequest REQUEST = SampleRequest.http("GET", "/").build();

    private final AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
    private final Balancers balancers = new Balancers(clock, RandomSource.seeded(12));

    private Balancer balancer(LoadBalancing balancing, EndpointSet... sets) {
        return balancers.compile(
                Clusters.cluster(balancing, LocalityPolicy.OFF, null),
                List.of(sets),
                Locality.UNKNOWN,
                Map.of());
    }

    private static Map<String, Integer> count(Balancer balancer, int times) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            EndpointLease lease = balancer.pick(REQUEST);
            counts.merge(lease.endpoint().id(), 1, Integer::sum);
            lease.complete(Outcome.SUCCESS);
        }
        return counts;
    }

    private static void assertShare(Map<String, Integer> counts, String id, double share) {
        int n = counts.values().stream().mapToInt(Integer::intValue).sum();
        double sigma = Math.sqrt(n * share * (1 - share));
        assertThat((double) counts.getOrDefault(id, 0))
                .as("%s of %s", id, counts)
                .isBetween(n * share - 3 * sigma, n * share + 3 * sigma);
    }

    @Test
    void roundRobinTakesTurnsByWeight() {
        EndpointSet set = Clusters.set(Clusters.endpoint(1, 1, ""), Clusters.endpoint(2, 3, ""));
        assertThat(count(balancer(new LoadBalancing.RoundRobin(), set), 400))
                .containsExactly(Map.entry("e1", 100), Map.entry("e2", 300));
        assertThat(count(balancer(new LoadBalancing.RoundRobin(), Clusters.set(4)), 400).values())
                .containsOnly(100);
    }

    @Test
    void randomAndIdleLeastRequestShareByWeight() {
        EndpointSet set =
                Clusters.set(
                        Clusters.endpoint(1, 1, ""),
                        Clusters.endpoint(2, 2, ""),
                        Clusters.endpoint(3, 5, ""));
        for (LoadBalancing balancing :
                List.of(new LoadBalancing.Random(), new LoadBalancing.LeastRequest())) {
            Map<String, Integer> counts = count(balancer(balancing, set), 40_000);
            assertShare(counts, "e1", 1 / 8.0);
            assertShare(counts, "e2", 2 / 8.0);
            assertShare(counts, "e3", 5 / 8.0);
        }
    }

    @Test
    void leastRequestAvoidsTheBusyEndpoint() {
        Balancer balancer = balancer(new LoadBalancing.LeastRequest(), Clusters.set(2));
        List<EndpointLease> open = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            open.add(balancer.pick(REQUEST));
        }
        assertThat(balancer.endpoints())
                .allSatisfy(e -> assertThat(e.activeRequests()).isBetween(85, 115));
        open.forEach(lease -> lease.complete(Outcome.SUCCESS));
        assertThat(balancer.endpoints()).extracting(EndpointView::activeRequests).containsOnly(0);
    }

    @Test
    void peakEwmaPrefersTheQuickerEndpoint() {
        LoadBalancing ewma =
                new LoadBalancing.PeakEwma(Duration.ofMillis(30), Duration.ofSeconds(10));
        Balancer balancer = balancer(ewma, Clusters.set(2));
        for (int i = 0; i < 50; i++) {
            EndpointLease lease = balancer.pick(REQUEST);
            boolean slow = lease.endpoint().id().equals("e1");
            clock.advance(Duration.ofMillis(10));
            lease.complete(Outcome.SUCCESS, Duration.ofMillis(slow ? 500 : 5).toNanos());
        }
        Map<String, Integer> counts = count(balancer, 200);
        assertThat(counts.get("e2")).isGreaterThan(185);
    }

    @Test
    void aRetryPrefersEndpointsThatWereNotTried() {
        Balancer balancer = balancer(new LoadBalancing.Random(), Clusters.set(3));
        for (int i = 0; i < 200; i++) {
            Endpoint first = balancer.pick(REQUEST).endpoint();
            Endpoint second =
                    balancer.pick(REQUEST, new PickOptions(List.of(first), false, null)).endpoint();
            Endpoint third =
                    balancer.pick(REQUEST, new PickOptions(List.of(first, second), false, null))
                            .endpoint();
            assertThat(List.of(first.id(), second.id(), third.id())).doesNotHaveDuplicates();
            assertThat(
                            balancer.pick(
                                    REQUEST,
                                    new PickOptions(List.of(first, second, third), false, null)))
                    .isNotNull();
        }
    }

    @Test
    void consistentHashesKeepKeysWhenAnEndpointLeaves() {
        for (Table table : Table.values()) {
            LoadBalancing hash = new ConsistentHash(new HashKey.Header("x-user"), table, 1024);
            Map<String, String> before = owners(balancer(hash, Clusters.set(5)));
            assertThat(owners(balancer(hash, Clusters.set(5)))).isEqualTo(before);
            Map<String, String> after = owners(balancer(hash, Clusters.set(4)));
            long moved =
                    before.entrySet().stream()
                            .filter(e ->
                                    !e.getValue().equals("e5")
                                            && !after.get(e.getKey()).equals(e.getValue()))
                            .count();
            assertThat(moved).as(table.name()).isLessThan(100);
            Map<String, Integer> shares = new TreeMap<>();
            before.values().forEach(id -> shares.merge(id, 1, Integer::sum));
            assertThat(shares)
                    .as(table.name())
                    .hasSize(5)
                    .allSatisfy((id, n) -> assertThat(n).isBetween(250, 550));
        }
    }

    private static Map<String, String> owners(Balancer balancer) {
        Map<String, String> owners = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            SampleRequest request =
                    SampleRequest.http("GET", "/").header("x-user", "user-" + i).build();
            owners.put("user-" + i, balancer.pick(request).endpoint().id());
        }
        return owners;
    }

    @Test
    void aHashCookieIsAskedForWhenItIsMissing() {
        LoadBalancing hash =
                new ConsistentHash(new HashKey.Cookie("sid", "/", Duration.ZERO), Table.RING, 1024);
        Balancer balancer = balancer(hash, Clusters.set(5));
        assertThat(balancer.cookieToSet(REQUEST).name()).isEqualTo("sid");
        SampleRequest back = SampleRequest.http("GET", "/").header("cookie", "a=b; sid=k1").build();
        assertThat(balancer.cookieToSet(back)).isNull();
        assertThat(balancer.pick(back).endpoint())
                .isEqualTo(balancer.pick(REQUEST, PickOptions.hashing("k1")).endpoint());
    }

    @Test
    void subsetsHoldTheEndpointsWithTheirLabels() {
        var whole = Clusters.cluster(new LoadBalancing.RoundRobin(), LocalityPolicy.OFF, null);
        var odd =
                new io.weft.model.resource.Cluster(
                        "blog:80/odd",
                        "blog",
                        80,
                        "odd",
                        whole.protocol(),
                        Map.of("n", "1"),
                        whole.endpoints(),
                        whole.balancing(),
                        whole.locality(),
                        whole.limits(),
                        null,
                        whole.tls(),
                        whole.origin());
        Balancer balancer =
                balancers.compile(odd, List.of(Clusters.set(4)), Locality.UNKNOWN, Map.of());
        assertThat(count(balancer, 10)).containsOnlyKeys("e1", "e3");
    }

    private Balancer local(LocalityPolicy policy, boolean outlier, EndpointSet set) {
        return balancers.compile(
                Clusters.cluster(
                        new LoadBalancing.RoundRobin(),
                        policy,
                        outlier ? Clusters.outlier(1, 0, 100, 0) : null),
                List.of(set),
                Locality.parse("eu/a/1"),
                Map.of());
    }

    private static final LocalityPolicy FAILOVER =
            new LocalityPolicy(true, List.of(), Map.of(), Map.of());

    @Test
    void theNearestLocalityIsUsedAndHalfOfItIsNotEnough() {
        EndpointSet set =
                Clusters.set(
                        Clusters.endpoint(1, 1, "eu/a/1"), Clusters.endpoint(2, 1, "eu/a/1"),
                        Clusters.endpoint(3, 1, "eu/b/1"), Clusters.endpoint(4, 1, "us/a/1"));
        Balancer balancer = local(FAILOVER, true, set);
        assertThat(count(balancer, 100)).containsOnlyKeys("e1", "e2");
        EndpointLease lease = balancer.pick(REQUEST);
        String failed = lease.endpoint().id();
        lease.complete(Outcome.SERVER_ERROR);
        Map<String, Integer> counts = count(balancer, 10_000);
        assertThat(counts).doesNotContainKeys(failed, "e4");
        assertShare(counts, "e3", 0.3);
    }

    @Test
    void failoverNeedsOutlierDetection() {
        EndpointSet set =
                Clusters.set(Clusters.endpoint(1, 1, "eu/a/1"), Clusters.endpoint(2, 1, "us/a/1"));
        assertThat(count(local(FAILOVER, false, set), 100)).hasSize(2);
    }

    @Test
    void aRegionFailsOverToTheOneThatIsNamed() {
        LocalityPolicy policy = new LocalityPolicy(true, List.of(), Map.of("eu", "us"), Map.of());
        EndpointSet set =
                Clusters.set(
                        Clusters.endpoint(1, 1, "eu/a/1"),
                        Clusters.endpoint(2, 1, "asia/a/1"),
                        Clusters.endpoint(3, 1, "us/a/1"));
        Balancer balancer = local(policy, true, set);
        balancer.pick(REQUEST).complete(Outcome.SERVER_ERROR);
        assertThat(count(balancer, 100)).containsOnlyKeys("e3");
    }

    @Test
    void distributeSharesByLocalityAndDropsThoseNotListed() {
        LocalityPolicy policy =
                new LocalityPolicy(false, List.of(), Map.of(), Map.of("eu/a/*", 80, "us/*", 20));
        EndpointSet set =
                Clusters.set(
                        Clusters.endpoint(1, 1, "eu/a/1"),
                        Clusters.endpoint(2, 1, "us/x/1"),
                        Clusters.endpoint(3, 1, "asia/a/1"));
        Map<String, Integer> counts = count(local(policy, false, set), 20_000);
        assertThat(counts).containsOnlyKeys("e1", "e2");
        assertShare(counts, "e2", 0.2);
    }

    @Test
    void whatIsSaidToCallersOfAPlaceHoldsForThemAloneTheFirstFirst() {
        EndpointSet set =
                Clusters.set(
                        Clusters.endpoint(1, 1, "eu/a/1"),
                        Clusters.endpoint(2, 1, "us/x/1"),
                        Clusters.endpoint(3, 1, "asia/a/1"));
        // The balancer's own place is eu/a.
        LocalityPolicy here =
                new LocalityPolicy(
                        false,
                        List.of(),
                        Map.of(),
                        Map.of(),
                        List.of(
                                new LocalityPolicy.Distribution("us/*", Map.of("asia/*", 100)),
                                new LocalityPolicy.Distribution(
                                        "eu/a/*", Map.of("eu/*", 70, "us/*", 30)),
                                new LocalityPolicy.Distribution("*", Map.of("asia/*", 100))));
        Map<String, Integer> counts = count(local(here, false, set), 20_000);
        assertThat(counts).containsOnlyKeys("e1", "e2");
        assertShare(counts, "e2", 0.3);
        LocalityPolicy elsewhere =
                new LocalityPolicy(
                        false,
                        List.of(),
                        Map.of(),
                        Map.of(),
                        List.of(new LocalityPolicy.Distribution("us/*", Map.of("asia/*", 100))));
        assertThat(count(local(elsewhere, false, set), 2_000))
                .as("nothing is said to this caller")
                .containsOnlyKeys("e1", "e2", "e3");
    }

    @Test
    void aRetryMayLeaveTheLocality() {
        EndpointSet set =
                Clusters.set(
                        Clusters.endpoint(1, 1, "eu/a/1"),
                        Clusters.endpoint(2, 1, "eu/a/1"),
                        Clusters.endpoint(3, 1, "us/a/1"));
        Balancer balancer = local(FAILOVER, true, set);
        Endpoint first = balancer.pick(REQUEST).endpoint();
        assertThat(
                        balancer.pick(REQUEST, new PickOptions(List.of(first), true, null))
                                .endpoint()
                                .id())
                .isEqualTo("e3");
        assertThat(
                        balancer.pick(REQUEST, new PickOptions(List.of(first), false, null))
                                .endpoint()
                                .id())
                .isNotEqualTo(first.id())
                .isNotEqualTo("e3");
    }

    @Test
    void withoutEndpointsThereIsNoLease() {
        Balancer balancer = balancer(new LoadBalancing.LeastRequest(), Clusters.set(0));
        assertThat(balancer.isEmpty()).isTrue();
        assertThat(balancer.pick(REQUEST)).isNull();
    }

    @Test
    void limitsCountAndAreGivenBack() {
        LimitCounter counter = new LimitCounter(2);
        assertThat(counter.tryAcquire()).isTrue();
        assertThat(counter.tryAcquire()).isTrue();
        assertThat(counter.tryAcquire()).isFalse();
        counter.release();
        assertThat(counter.tryAcquire()).isTrue();
        assertThat(counter.used()).isEqualTo(2);
    }

    @Test
    void manyThreadsLeaveNoRequestActive() throws Exception {
        Balancers shared = new Balancers(io.weft.engine.MeshClock.system(), RandomSource.system());
        Balancer balancer =
                shared.compile(
                        Clusters.cluster(
                                new LoadBalancing.LeastRequest(),
                                LocalityPolicy.OFF,
                                Clusters.outlier(3, 0, 50, 0)),
                        List.of(Clusters.set(5)),
                        Locality.UNKNOWN,
                        Map.of());
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            long seed = t;
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                RandomSource random = RandomSource.seeded(seed);
                                for (int i = 0; i < 20_000; i++) {
                                    EndpointLease lease = balancer.pick(REQUEST);
                                    lease.complete(
                                            random.nextInt(3) == 0
                                                    ? Outcome.SERVER_ERROR
                                                    : Outcome.SUCCESS);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(balancer.endpoints()).extracting(EndpointView::activeRequests).containsOnly(0);
        assertThat(balancer.endpoints().stream().filter(EndpointView::ejected).count())
                .isLessThanOrEqualTo(2);
    }
}
