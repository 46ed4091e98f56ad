package io.weft.policy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.engine.AdjustableClock;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import io.weft.model.telemetry.LatencyBuckets;
import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.Edge;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Fate;
import io.weft.model.wire.TrafficReport.Outcome;
import io.weft.model.wire.TrafficReport.Party;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrafficStoreTest {

    private static final WorkloadId WEB = new WorkloadId("blog", "web");
    private static final WorkloadId API = new WorkloadId("blog", "api");
    private static final Party WEB_END =
            new Party("web", "blog", "v1", "spiffe://cluster.local/ns/blog/sa/web");
    private static final Party API_END =
            new Party("api", "blog", "v2", "spiffe://cluster.local/ns/blog/sa/api");

    private final AdjustableClock clock = AdjustableClock.stoppedAt(java.time.Instant.EPOCH);
    private final TrafficStore store = new TrafficStore(clock::now);

    private static EdgeKey key(boolean inbound) {
        return new EdgeKey(inbound, WEB_END, API_END, "api.blog.svc.cluster.local", "http", true);
    }

    private static Outcome ended(int status, String flags, long count, double millis) {
        int bucket = LatencyBuckets.index((long) (millis * 1e6));
        return new Outcome(status, -1, flags, count, 0, 0, 10, 20, List.of(bucket, (int) count));
    }

    private static TrafficReport report(int id, @Nullable EdgeKey key, Outcome... outcomes) {
        return new TrafficReport(1000, List.of(new Edge(id, key, List.of(outcomes))), List.of(), 0);
    }

    private static Fate fate(String tap, int edge) {
        return new Fate(
                tap,
                5,
                edge,
                "GET",
                "api.blog",
                "/admin",
                403,
                -1,
                "-",
                "rbac_access_denied",
                "",
                "",
                new Origin(Dialect.ISTIO, "AuthorizationPolicy", "blog", "deny", "a.yaml", 3),
                100,
                0,
                0,
                0,
                "",
                "",
                List.of());
    }

    @Test
    void theCallersNumbersCountAndTheCalleesStandBeside() {
        store.take(WEB, "blog/web-0", report(1, key(false), ended(200, "-", 30, 8)));
        store.take(API, "blog/api-0", report(7, key(true), ended(200, "-", 28, 4)));
        GraphEdge edge = store.graph(60).getFirst();
        assertThat(store.graph(60)).hasSize(1);
        assertThat(edge.id().source()).isEqualTo(new EdgeId.End("blog", "web", "v1"));
        assertThat(edge.numbers().requests()).isEqualTo(30);
        assertThat(edge.seenByTarget()).isNotNull();
        assertThat(edge.seenByTarget().requests()).isEqualTo(28);
        assertThat(edge.principal()).isEqualTo(WEB_END.principal());
        assertThat(edge.numbers().p99()).isBetween(8d, 12d);
    }

    @Test
    void theCalleeSaysHowTheConnectionIsSecured() {
        EdgeKey plain =
                new EdgeKey(false, WEB_END, API_END, "api.blog.svc.cluster.local", "http", false);
        store.take(API, "blog/api-0", report(7, key(true), ended(200, "-", 28, 4)));
        store.take(WEB, "blog/web-0", report(1, plain, ended(200, "-", 30, 8)));
        assertThat(store.graph(60).getFirst().mutualTls()).isTrue();
    }

    @Test
    void whatComesInIsSummedByServiceAndByInstance() {
        store.take(WEB, "blog/web-0", report(1, key(false), ended(200, "-", 30, 8)));
        store.take(API, "blog/api-0", report(7, key(true), ended(200, "-", 28, 4)));
        store.take(API, "blog/api-1", report(7, key(true), ended(503, "-", 2, 4)));
        String host = "api.blog.svc.cluster.local";
        assertThat(store.serviceLoads(60, "blog")).containsOnlyKeys(host);
        assertThat(store.serviceLoads(60, "").get(host).requests()).isEqualTo(30);
        assertThat(store.serviceLoads(60, "other")).isEmpty();
        assertThat(store.instanceLoads(60)).containsOnlyKeys("blog/api-0", "blog/api-1");
        assertThat(store.instanceLoads(60).get("blog/api-1").errors()).isEqualTo(2);
        assertThat(store.loads(60).get("blog/api").requests()).isEqualTo(30);
        clock.advance(java.time.Duration.ofMinutes(11));
        assertThat(store.instanceLoads(60)).isEmpty();
    }

    @Test
    void whatIsDeniedIsNoError() {
        store.take(
                WEB,
                "blog/web-0",
                report(
                        1,
                        key(false),
                        ended(200, "-", 6, 1),
                        ended(403, "-", 3, 1),
                        ended(503, "UH", 1, 1),
                        ended(0, "DC", 2, 1)));
        Numbers numbers = store.graph(60).getFirst().numbers();
        assertThat(numbers.requests()).isEqualTo(12);
        assertThat(numbers.denied()).isEqualTo(3);
        assertThat(numbers.errors()).isEqualTo(1);
        assertThat(numbers.ends())
                .containsEntry("200", 6L)
                .containsEntry("503 UH", 1L)
                .containsEntry("0 DC", 2L);
    }

    @Test
    void whatIsOlderThanAskedForIsLeftOutAndLaterForgotten() {
        store.take(WEB, "blog/web-0", report(1, key(false), ended(200, "-", 10, 1)));
        clock.advance(Duration.ofSeconds(30));
        store.take(WEB, "blog/web-0", report(1, null, ended(200, "-", 5, 1)));
        assertThat(store.graph(10).getFirst().numbers().requests()).isEqualTo(5);
        assertThat(store.graph(60).getFirst().numbers().requests()).isEqualTo(15);
        clock.advance(Duration.ofMinutes(11));
        assertThat(store.graph(600)).isEmpty();
    }

    @Test
    void aPlotHasAPointForEachFiveSeconds() {
        store.take(WEB, "blog/web-0", report(1, key(false), ended(200, "-", 10, 1)));
        clock.advance(Duration.ofSeconds(10));
        store.take(WEB, "blog/web-0", report(1, null, ended(200, "-", 20, 1)));
        List<TrafficPoint> points = store.points(id -> true, 15);
        assertThat(points).extracting(p -> p.numbers().requests()).containsExactly(10L, 0L, 20L);
        assertThat(points.getFirst().numbers().rate()).isEqualTo(2);
        assertThat(points.getLast().at()).isAfter(points.getFirst().at());
        assertThat(store.points(id -> id.service().equals("other"), 15))
                .allMatch(p -> p.numbers().requests() == 0);
    }

    @Test
    void aNumberWithoutAKeyIsAskedAgainAndNothingIsTaken() {
        assertThat(store.take(WEB, "blog/web-0", report(1, null, ended(200, "-", 1, 1)))).isNull();
        store.take(WEB, "blog/web-0", report(1, key(false), ended(200, "-", 1, 1)));
        store.forget("blog/web-0");
        assertThat(store.take(WEB, "blog/web-0", report(1, null, ended(200, "-", 1, 1)))).isNull();
        assertThat(store.graph(60).getFirst().numbers().requests()).isEqualTo(1);
    }

    @Test
    void nobodyCountsForOthers() {
        WorkloadId evil = new WorkloadId("evil", "evil");
        store.take(evil, "evil/evil-0", report(1, key(false), ended(200, "-", 1, 1)));
        store.take(evil, "evil/evil-0", report(2, key(true), ended(200, "-", 1, 1)));
        assertThat(store.graph(60)).isEmpty();
    }

    @Test
    void oneThatInventsEdgesLosesItsOwnOnly() {
        for (int i = 0; i < 3000; i++) {
            EdgeKey invented = new EdgeKey(false, WEB_END, API_END, "host-" + i, "http", true);
            store.take(WEB, "blog/web-0", report(i, invented, ended(200, "-", 1, 1)));
        }
        assertThat(store.refused()).isGreaterThan(1000);
        store.take(API, "blog/api-0", report(1, key(true), ended(200, "-", 1, 1)));
        assertThat(store.graph(60)).anyMatch(edge -> edge.seenByTarget() != null);
    }

    @Test
    void deniedRequestsAreKeptWithTheirLineAndTapsGetTheirOwn() {
        TrafficReport report =
                new TrafficReport(
                        1000,
                        List.of(new Edge(1, key(true), List.of(ended(403, "-", 2, 1)))),
                        List.of(fate("", 1), fate("t1", 1), fate("", 99)),
                        0);
        List<FateView> asked = store.take(API, "blog/api-0", report);
        assertThat(asked).hasSize(1);
        assertThat(store.fates(any -> true, 0, 10)).hasSize(1);
        FateView kept = store.fates(any -> true, 0, 10).getFirst();
        assertThat(kept.decidedBy()).isEqualTo("AuthorizationPolicy blog/deny a.yaml:3");
        assertThat(store.fates(any -> true, kept.number(), 10)).isEmpty();
    }
}
