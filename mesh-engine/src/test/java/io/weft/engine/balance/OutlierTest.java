package io.weft.engine.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.engine.Origins;
import io.weft.engine.RandomSource;
import io.weft.engine.SampleRequest;
import io.weft.model.Locality;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.resource.EndpointSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OutlierTest {

    private static final SampleRequest REQUEST = SampleRequest.http("GET", "/").build();

    private final AdjustableClock clock = AdjustableClock.stoppedAt(Instant.EPOCH);
    private final Balancers balancers = new Balancers(clock, RandomSource.seeded(3));

    private Balancer balancer(OutlierDetection outlier, EndpointSet set) {
        return balancers.compile(
                Clusters.cluster(new LoadBalancing.RoundRobin(), LocalityPolicy.OFF, outlier),
                List.of(set),
                Locality.UNKNOWN,
                Map.of());
    }

    /** Completes with the outcome at one endpoint, and with success at the others. */
    private static void fail(Balancer balancer, String id, Outcome outcome, int times) {
        int done = 0;
        for (int i = 0; i < 1_000 && done < times; i++) {
            EndpointLease lease = balancer.pick(REQUEST);
            boolean target = lease.endpoint().id().equals(id);
            lease.complete(target ? outcome : Outcome.SUCCESS);
            done += target ? 1 : 0;
        }
        assertThat(done).isEqualTo(times);
    }

    private static Set<String> used(Balancer balancer) {
        Set<String> ids = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            EndpointLease lease = balancer.pick(REQUEST);
            if (lease != null) {
                ids.add(lease.endpoint().id());
                lease.complete(Outcome.SUCCESS);
            }
        }
        return ids;
    }

    @Test
    void fiveConsecutiveErrorsEjectAndTimeBringsBack() {
        Balancer balancer = balancer(Clusters.outlier(5, 0, 50, 0), Clusters.set(3));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 4);
        assertThat(used(balancer)).contains("e1");
        fail(balancer, "e1", Outcome.SERVER_ERROR, 5);
        assertThat(used(balancer)).containsExactly("e2", "e3");
        clock.advance(Duration.ofMillis(29_999));
        assertThat(used(balancer)).containsExactly("e2", "e3");
        clock.advance(Duration.ofMillis(1));
        assertThat(used(balancer)).containsExactly("e1", "e2", "e3");
    }

    @Test
    void aSuccessInBetweenStartsTheCountAnew() {
        Balancer balancer = balancer(Clusters.outlier(3, 0, 50, 0), Clusters.set(3));
        for (int i = 0; i < 5; i++) {
            fail(balancer, "e1", Outcome.SERVER_ERROR, 2);
            fail(balancer, "e1", Outcome.SUCCESS, 1);
        }
        assertThat(used(balancer)).hasSize(3);
    }

    @Test
    void aCancelledRequestNeitherCountsNorStartsTheCountAnew() {
        Balancer balancer = balancer(Clusters.outlier(3, 0, 50, 0), Clusters.set(3));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 2);
        fail(balancer, "e1", Outcome.CANCELLED, 4);
        assertThat(balancer.endpoints()).noneMatch(EndpointView::ejected);
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        assertThat(used(balancer)).containsExactly("e2", "e3");
    }

    @Test
    void neverMoreThanTheirShareAreOutButOneMayAlwaysBe() {
        Balancer half = balancer(Clusters.outlier(2, 0, 50, 0), Clusters.set(3));
        for (String id : List.of("e1", "e2")) {
            fail(half, id, Outcome.CONNECT_FAILURE, 2);
        }
        assertThat(used(half)).containsExactly("e2", "e3");

        Balancers others = new Balancers(clock, RandomSource.seeded(4));
        Balancer tenPercent =
                others.compile(
                        Clusters.cluster(
                                new LoadBalancing.RoundRobin(),
                                LocalityPolicy.OFF,
                                Clusters.outlier(1, 0, 10, 0)),
                        List.of(Clusters.set(3)),
                        Locality.UNKNOWN,
                        Map.of());
        fail(tenPercent, "e3", Outcome.RESET, 1);
        assertThat(used(tenPercent)).containsExactly("e1", "e2");
    }

    @Test
    void aPercentageOfZeroEjectsNobody() {
        Balancer balancer = balancer(Clusters.outlier(1, 0, 0, 0), Clusters.set(3));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 5);
        assertThat(used(balancer)).hasSize(3);
    }

    @Test
    void ejectionsGrowLongerAndHealthyIntervalsMakeThemGood() {
        Balancer balancer = balancer(Clusters.outlier(1, 0, 100, 0), Clusters.set(3));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        clock.advance(Duration.ofSeconds(30));
        assertThat(used(balancer)).contains("e1");
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        clock.advance(Duration.ofSeconds(59));
        assertThat(used(balancer)).doesNotContain("e1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(used(balancer)).contains("e1");
        clock.advance(Duration.ofSeconds(20));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        clock.advance(Duration.ofSeconds(30));
        assertThat(used(balancer)).contains("e1");
    }

    @Test
    void gatewayErrorsAreCountedApart() {
        Balancer balancer = balancer(Clusters.outlier(0, 2, 50, 0), Clusters.set(3));
        fail(balancer, "e1", Outcome.ofStatus(500), 10);
        assertThat(used(balancer)).hasSize(3);
        fail(balancer, "e1", Outcome.ofStatus(503), 2);
        assertThat(used(balancer)).containsExactly("e2", "e3");
    }

    @Test
    void whenAllAreOutThereIsNoneUnlessPanicIsOn() {
        Balancer balancer = balancer(Clusters.outlier(1, 0, 100, 0), Clusters.set(2));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        fail(balancer, "e2", Outcome.SERVER_ERROR, 1);
        assertThat(balancer.pick(REQUEST)).isNull();
        Balancer panicking = balancer(Clusters.outlier(1, 0, 100, 60), Clusters.set(2));
        assertThat(used(panicking)).containsExactly("e1", "e2");
        assertThat(panicking.endpoints()).allMatch(EndpointView::ejected);
    }

    @Test
    void ejectionsAndActiveRequestsOutliveAChangeOfConfiguration() {
        Balancer before = balancer(Clusters.outlier(1, 0, 50, 0), Clusters.set(3));
        fail(before, "e2", Outcome.SERVER_ERROR, 1);
        EndpointLease open = before.pick(REQUEST);
        Balancer after = balancer(Clusters.outlier(1, 0, 50, 0), Clusters.set(4));
        assertThat(used(after)).containsExactly("e1", "e3", "e4");
        assertThat(after.endpoints()).extracting(EndpointView::activeRequests).contains(1);
        open.complete(Outcome.SUCCESS);
        open.complete(Outcome.SUCCESS);
        assertThat(after.endpoints()).extracting(EndpointView::activeRequests).containsOnly(0);
        Balancer without = balancer(null, Clusters.set(4));
        assertThat(used(without)).hasSize(4);
    }

    private static OutlierDetection rate(int consecutive) {
        return new OutlierDetection(
                consecutive,
                0,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                100,
                0,
                new OutlierDetection.SuccessRate(0.8, Duration.ofSeconds(10), 5),
                null,
                Origins.line(1));
    }

    private static OutlierDetection probing(double jitter) {
        return new OutlierDetection(
                2,
                0,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                100,
                0,
                null,
                new OutlierDetection.Probation(
                        Duration.ofSeconds(1), Duration.ofSeconds(60), jitter),
                Origins.line(1));
    }

    @Test
    void oneRequestIsTheProbeAndTheOthersGoElsewhereMeanwhile() {
        Balancer balancer = balancer(probing(0), Clusters.set(2));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 2);
        assertThat(used(balancer)).containsExactly("e2");
        clock.advance(Duration.ofSeconds(1));
        List<EndpointLease> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            open.add(balancer.pick(REQUEST));
        }
        List<EndpointLease> probes =
                open.stream().filter(lease -> lease.endpoint().id().equals("e1")).toList();
        assertThat(probes).hasSize(1);
        probes.getFirst().complete(Outcome.SERVER_ERROR);
        clock.advance(Duration.ofMillis(1_999));
        assertThat(used(balancer)).as("twice the penalty").containsExactly("e2");
        clock.advance(Duration.ofMillis(1));
        assertThat(used(balancer)).as("the probe succeeds").containsExactly("e1", "e2");
        assertThat(balancer.endpoints()).noneMatch(EndpointView::ejected);
    }

    @Test
    void aProbeWhoseCallerWentAwayOrThatNeverEndsIsMadeAnew() {
        Balancer balancer = balancer(probing(0), Clusters.set(1));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 2);
        assertThat(balancer.pick(REQUEST)).isNull();
        clock.advance(Duration.ofSeconds(1));
        EndpointLease cancelled = balancer.pick(REQUEST);
        assertThat(balancer.pick(REQUEST)).as("one probe at a time").isNull();
        cancelled.complete(Outcome.CANCELLED);
        assertThat(balancer.pick(REQUEST)).as("the next probe, left open").isNotNull();
        assertThat(balancer.pick(REQUEST)).isNull();
        clock.advance(Duration.ofSeconds(60));
        assertThat(balancer.pick(REQUEST)).as("it took longer than any penalty").isNotNull();
    }

    @Test
    void anEndpointThatAsksForRestGetsIt() {
        Balancer balancer = balancer(probing(0), Clusters.set(1));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        EndpointLease last = balancer.pick(REQUEST);
        last.rest(Duration.ofSeconds(30).toNanos());
        last.complete(Outcome.GATEWAY_ERROR);
        clock.advance(Duration.ofMillis(29_999));
        assertThat(balancer.pick(REQUEST)).isNull();
        clock.advance(Duration.ofMillis(1));
        assertThat(balancer.pick(REQUEST)).isNotNull();
    }

    @Test
    void jitterLengthensThePenaltyByNoMoreThanItsShare() {
        Set<Long> penalties = new TreeSet<>();
        for (int seed = 0; seed < 100; seed++) {
            penalties.add(Penalty.byProbes(probing(0.5).probation(), 1, RandomSource.seeded(seed)));
        }
        assertThat(penalties).hasSizeGreaterThan(50);
        assertThat(penalties).allMatch(p -> p >= 1_000_000_000L && p < 1_500_000_000L);
    }

    @Test
    void anEndpointThatAnswersTooLittleWellIsEjectedThoughItNeverFailsOftenInARow() {
        Balancer balancer = balancer(rate(7), Clusters.set(2));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        fail(balancer, "e1", Outcome.SUCCESS, 1);
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        fail(balancer, "e1", Outcome.SUCCESS, 1);
        assertThat(balancer.endpoints()).as("4 requests").noneMatch(EndpointView::ejected);
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        assertThat(used(balancer)).as("2 of 5 succeeded").containsExactly("e2");
        clock.advance(Duration.ofSeconds(2));
        assertThat(used(balancer)).as("it starts anew").containsExactly("e1", "e2");
    }

    @Test
    void oldRequestsDoNotCountTowardsASuccessRate() {
        Balancer balancer = balancer(rate(0), Clusters.set(2));
        fail(balancer, "e1", Outcome.SERVER_ERROR, 4);
        clock.advance(Duration.ofSeconds(11));
        fail(balancer, "e1", Outcome.SUCCESS, 5);
        fail(balancer, "e1", Outcome.SERVER_ERROR, 1);
        assertThat(used(balancer)).as("5 of 6 within the window").containsExactly("e1", "e2");
    }
}
