package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weft.dataplane.telemetry.traffic.TrafficRecorder;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.telemetry.LatencyBuckets;
import io.weft.model.telemetry.Metrics;
import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.SidecarState;
import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a sidecar counts for the control plane's live picture. */
class TrafficTest {

    private static final Origin DENY =
            new Origin(Dialect.ISTIO, "AuthorizationPolicy", "blog", "deny", "mesh/a.yaml", 7);

    private final MeshMetrics metrics =
            new MeshMetrics(
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), SampleExchange.local());
    private final TrafficRecorder recorder = metrics.traffic();

    private static SampleExchange denied() {
        SampleExchange exchange = new SampleExchange();
        exchange.status = 403;
        exchange.decidedBy = DENY;
        return exchange;
    }

    private static Tap tap(String method, String path, int perSecond, String... headers) {
        return new Tap("t1", method, path, "", "", true, true, List.of(headers), perSecond);
    }

    @Test
    void anEdgeIsToldWithItsKeyOnceAndThenByItsNumber() {
        metrics.finished(new SampleExchange());
        metrics.finished(new SampleExchange());
        TrafficReport first = recorder.report(1000);
        assertThat(first.edges()).hasSize(1);
        assertThat(first.edges().getFirst().key())
                .isEqualTo(
                        new EdgeKey(
                                true,
                                new Party(
                                        "web-deploy",
                                        "blog",
                                        "v3",
                                        "spiffe://cluster.local/ns/blog/sa/web"),
                                new Party(
                                        "blog-api-v1",
                                        "blog",
                                        "v1",
                                        "spiffe://cluster.local/ns/blog/sa/api"),
                                "blog-api.blog.svc.cluster.local",
                                "http",
                                true));
        TrafficReport.Outcome outcome = first.edges().getFirst().outcomes().getFirst();
        assertThat(outcome.count()).isEqualTo(2);
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.received()).isEqualTo(34);
        assertThat(outcome.latencies()).containsExactly(LatencyBuckets.index(12_345_678), 2);

        recorder.taken(first);
        metrics.finished(new SampleExchange());
        TrafficReport second = recorder.report(1000);
        assertThat(second.edges().getFirst().key()).isNull();
        assertThat(second.edges().getFirst().id()).isEqualTo(first.edges().getFirst().id());
        assertThat(second.edges().getFirst().outcomes().getFirst().count()).isEqualTo(1);

        recorder.forgotten();
        metrics.finished(new SampleExchange());
        assertThat(recorder.report(1000).edges().getFirst().key()).isNotNull();
        assertThat(recorder.report(1000).edges()).as("nothing came").isEmpty();
    }

    @Test
    void itIsCountedEvenWhenTheMetricIsSwitchedOff() {
        metrics.update(
                new Metrics(
                        List.of(
                                new Metrics.Override(
                                        "ALL_METRICS",
                                        "CLIENT_AND_SERVER",
                                        true,
                                        List.of(),
                                        Origin.builtIn("test"))),
                        3));
        metrics.finished(new SampleExchange());
        assertThat(recorder.report(1000).edges()).hasSize(1);
    }

    @Test
    void aDeniedRequestIsToldWithTheLineThatDeniedItAndWithoutItsQuery() {
        metrics.finished(denied());
        TrafficReport report = recorder.report(1000);
        assertThat(report.fates()).hasSize(1);
        TrafficReport.Fate fate = report.fates().getFirst();
        assertThat(fate.decidedBy()).isEqualTo(DENY);
        assertThat(fate.path()).isEqualTo("/api/v1/articles");
        assertThat(fate.status()).isEqualTo(403);
        assertThat(fate.edge()).isEqualTo(report.edges().getFirst().id());
        assertThat(fate.requestId()).startsWith("6f1c7a3e");
    }

    @Test
    void aFloodOfDeniedRequestsCostsAFewLinesAndTheRestIsCounted() {
        for (int i = 0; i < 1000; i++) {
            metrics.finished(denied());
        }
        TrafficReport report = recorder.report(1000);
        assertThat(report.fates()).hasSizeBetween(2, 3);
        assertThat(report.dropped()).isEqualTo(1000 - report.fates().size());
        assertThat(new MeshCodec().write(report)).hasSizeLessThanOrEqualTo(2048);
        metrics.finished(denied());
        assertThat(recorder.report(1000).fates()).as("again in the next").hasSize(1);
    }

    @Test
    void aTapTellsWhatItAskedForAndNoMoreThanItsLimitAndNoSecrets() {
        recorder.fates()
                .tapped(List.of(tap("GET", "/api", 2, "user-agent", "authorization", "cookie")));
        SampleExchange exchange = new SampleExchange();
        exchange.requestHeaders.add("authorization", "Bearer secret").add("cookie", "sid=1");
        for (int i = 0; i < 5; i++) {
            metrics.finished(exchange);
        }
        SampleExchange elsewhere = new SampleExchange();
        elsewhere.originalPath = "/other";
        metrics.finished(elsewhere);
        TrafficReport report = recorder.report(250);
        assertThat(report.fates()).hasSize(2).allMatch(fate -> fate.tap().equals("t1"));
        assertThat(report.fates().getFirst().headers()).containsExactly("user-agent: curl/8.5");
        assertThat(report.dropped()).isEqualTo(3);

        recorder.fates().tapped(List.of());
        metrics.finished(exchange);
        assertThat(recorder.report(250).fates()).isEmpty();
    }

    @Test
    void aTapForPostsSeesNoGets() {
        recorder.fates().tapped(List.of(tap("POST", "", 10)));
        metrics.finished(new SampleExchange());
        assertThat(recorder.report(250).fates()).isEmpty();
    }

    private static SampleExchange from(int peer) {
        SampleExchange exchange = new SampleExchange();
        exchange.peerMetadata = PeerMetadata.of("web-" + peer, Map.of(), "");
        return exchange;
    }

    @Test
    void manyEdgesComeInSeveralShortReportsAndNoneIsLost() {
        int peers = 350;
        for (int i = 0; i < peers; i++) {
            metrics.finished(from(i));
            metrics.finished(from(i));
        }
        List<TrafficReport.Edge> told = new ArrayList<>();
        TrafficReport report = recorder.report(1000);
        while (!report.edges().isEmpty()) {
            assertThat(new MeshCodec().write(report)).hasSizeLessThanOrEqualTo(2048);
            told.addAll(report.edges());
            recorder.taken(report);
            report = recorder.report(1000);
        }
        assertThat(told).hasSize(peers).extracting(TrafficReport.Edge::key).doesNotHaveDuplicates();
        assertThat(told)
                .allSatisfy(edge -> assertThat(edge.outcomes().getFirst().count()).isEqualTo(2));
    }

    @Test
    void anEdgeThatEndsInManyWaysIsToldPieceByPiece() {
        for (int status = 200; status < 260; status++) {
            SampleExchange exchange = new SampleExchange();
            exchange.status = status;
            metrics.finished(exchange);
        }
        long told = 0;
        TrafficReport report = recorder.report(1000);
        while (!report.edges().isEmpty()) {
            assertThat(new MeshCodec().write(report)).hasSizeLessThanOrEqualTo(2048);
            told +=
                    report.edges().stream()
                            .flatMap(edge -> edge.outcomes().stream())
                            .mapToLong(TrafficReport.Outcome::count)
                            .sum();
            recorder.taken(report);
            report = recorder.report(1000);
        }
        assertThat(told).isEqualTo(60);
    }

    @Test
    void howTheSidecarIsIsToldOnceAndAgainToAnotherReceiver() {
        SidecarState state =
                new SidecarState(
                        "1f",
                        1,
                        2,
                        false,
                        List.of(
                                new SidecarState.LeftOut(
                                        "users.blog", 80, "", "users-0", false, 1, "5 5xx")),
                        0);
        TrafficReport first = recorder.report(1000, state);
        assertThat(first.state()).isEqualTo(state);
        assertThat(recorder.report(1000, state).state()).as("not taken yet").isEqualTo(state);
        recorder.taken(first);
        assertThat(recorder.report(1000, state).state()).isNull();
        recorder.forgotten();
        assertThat(recorder.report(1000, state).state()).isEqualTo(state);
        byte[] json = new MeshCodec().write(first);
        assertThat(new MeshCodec().read(json, TrafficReport.class)).isEqualTo(first);
    }

    @Test
    void whateverHappensASidecarReportsAtMostTwoKilobytesASecond() {
        List<SidecarState.LeftOut> leftOut = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            leftOut.add(
                    new SidecarState.LeftOut(
                            "service-" + i + ".namespace.svc.cluster.local",
                            8080,
                            "v1",
                            "service-" + i + "-5d4f8c7b9-abcde",
                            false,
                            3,
                            "5 consecutive 5xx, DestinationRule blog/users mesh/users.yaml:12"));
        }
        int largest = 0;
        int requests = 0;
        for (int second = 0; second < 60; second++) {
            for (int i = 0; i < 2000; i++) {
                SampleExchange exchange = i % 7 == 0 ? denied() : from(i % 200);
                exchange.durationNanos = 1_000_000L << i % 12;
                exchange.originalPath = "/" + "x".repeat(i % 3000);
                metrics.finished(exchange);
                requests++;
            }
            SidecarState state = new SidecarState("1f" + second, 1, 2, false, leftOut, second);
            TrafficReport report = recorder.report(1000, state);
            largest = Math.max(largest, new MeshCodec().write(report).length);
            assertThat(report.edges()).as("second %s", second).isNotEmpty();
            assertThat(report.fates()).as("second %s", second).isNotEmpty();
            recorder.taken(report);
        }
        System.out.printf("largest report of %d requests: %d bytes%n", requests, largest);
        assertThat(largest).isBetween(1500, 2048);
    }
}
