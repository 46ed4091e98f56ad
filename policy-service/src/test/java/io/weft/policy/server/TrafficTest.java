package io.weft.policy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.wire.MeshCodec;
import io.weft.model.wire.Tap;
import io.weft.model.wire.TrafficReport;
import io.weft.policy.control.ControlSettings;
import io.weft.policy.source.PolicyBundle;
import io.weft.policy.traffic.FateView;
import io.weft.policy.traffic.TapDesk;
import io.weft.policy.traffic.TapTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sidecars tell of their traffic over their own door, and taps reach those whom they concern. */
@Timeout(120)
class TrafficTest {

    private static final TapTarget WEB = new TapTarget(TapTarget.Kind.WORKLOAD, "blog", "web");
    private static final Tap ALL = new Tap("", "", "", "", "", true, true, List.of(), 10);

    @TempDir Path directory;
    private PolicyServer server;

    @BeforeEach
    void start() throws Exception {
        server =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("state"))
                                .control(ControlSettings.of("cluster.local", "istio-system")));
        server.control()
                .publish(PolicyBundle.of(List.of()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestWorkload connected(String account) throws Exception {
        TestWorkload workload = TestWorkload.joined(server, "blog", account, account + "-0");
        assertThat(workload.register(workload.registration(9090, true))).isEqualTo(204);
        assertThat(workload.subscribe()).isEqualTo(204);
        assertThat(workload.open()).isEqualTo(200);
        workload.take();
        return workload;
    }

    private static TrafficReport report(boolean withKey, String tap) {
        TrafficReport.Party web = new TrafficReport.Party("web", "blog", "", "");
        TrafficReport.EdgeKey key =
                new TrafficReport.EdgeKey(
                        false, web, TrafficReport.Party.UNKNOWN, "example.com", "http", false);
        TrafficReport.Outcome outcome =
                new TrafficReport.Outcome(502, -1, "NR", 1, 0, 0, 0, 0, List.of(3, 1));
        TrafficReport.Fate fate =
                new TrafficReport.Fate(
                        tap,
                        5,
                        1,
                        "GET",
                        "example.com",
                        "/",
                        502,
                        -1,
                        "NR",
                        "",
                        "",
                        "",
                        null,
                        1,
                        0,
                        0,
                        0,
                        "",
                        "",
                        List.of());
        return new TrafficReport(
                1000,
                List.of(new TrafficReport.Edge(1, withKey ? key : null, List.of(outcome))),
                List.of(fate),
                0);
    }

    @Test
    void aReportAppearsInTheGraphAndAnUnknownEdgeIsAskedAgain() throws Exception {
        try (TestWorkload web = connected("web")) {
            assertThat(web.traffic(report(false, ""))).isEqualTo(409);
            assertThat(web.traffic(report(true, ""))).isEqualTo(204);
            assertThat(web.traffic(report(false, ""))).isEqualTo(204);
            assertThat(server.traffic().store().graph(60).getFirst().numbers().errors())
                    .isEqualTo(2);
            assertThat(server.traffic().store().fates(any -> true, 0, 10)).hasSize(2);
            assertThat(web.post("web-0", "traffic", new byte[70_000])).isEqualTo(413);
            assertThat(web.post("web-0", "traffic", "{}".getBytes())).isEqualTo(400);
            assertThat(web.post("other-0", "traffic", new MeshCodec().write(report(true, ""))))
                    .isEqualTo(404);
        }
    }

    @Test
    void aTapReachesTheWorkloadItNamesAndEndsWithWhoeverOpenedIt() throws Exception {
        try (TestWorkload web = connected("web");
                TestWorkload bystander = connected("bystander")) {
            BlockingQueue<FateView> heard = new LinkedBlockingQueue<>();
            AutoCloseable open = server.traffic().taps().open(WEB, ALL, heard::add);
            Tap told = web.nextTaps().taps().getFirst();
            assertThat(told.id()).isNotEmpty();
            assertThat(web.traffic(report(true, told.id()))).isEqualTo(204);
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
            open.close();
            assertThat(web.nextTaps().taps()).isEmpty();
            assertThat(web.traffic(report(true, told.id()))).isEqualTo(204);
            assertThat(heard).isEmpty();
            assertThat(bystander.hasNoTap()).isTrue();
        }
    }

    @Test
    void aTapThatIsOpenBeforeItsWorkloadComesReachesIt() throws Exception {
        AutoCloseable open = server.traffic().taps().open(WEB, ALL, fate -> {});
        TestWorkload web = TestWorkload.joined(server, "blog", "web", "web-0");
        try (web;
                open) {
            assertThat(web.register(web.registration(9090, true))).isEqualTo(204);
            assertThat(web.subscribe()).isEqualTo(204);
            assertThat(web.open()).isEqualTo(200);
            assertThat(web.nextTaps().taps()).hasSize(1);
        }
    }

    @Test
    void onlySoManyTapsMayBeOpen() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        for (int i = 0; i < TapDesk.MAX_OPEN; i++) {
            open.add(server.traffic().taps().open(WEB, ALL, fate -> {}));
        }
        assertThatThrownBy(() -> server.traffic().taps().open(WEB, ALL, fate -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fewer than 20");
        for (AutoCloseable each : open) {
            each.close();
        }
        assertThat(server.traffic().taps().size()).isZero();
    }
}
