package io.weft.dataplane.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.weft.dataplane.statistics.ClusterStatistics;
import io.weft.dataplane.telemetry.otlp.ObservedMesh.Sidecar;
import io.weft.dataplane.testing.Resources;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.StatSelection;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Telemetry's overrides and the choice of statistics do to what a sidecar is scraped for. */
class OverridesOfRunningSidecarsTest {

    private static final String COUNT = "REQUEST_COUNT";
    private static final String BOTH = "CLIENT_AND_SERVER";

    private final ObservedMesh mesh = new ObservedMesh();

    @AfterEach
    void end() throws Exception {
        mesh.close();
    }

    private static Metrics.Override override(
            String metric, String mode, @Nullable Boolean disabled, Metrics.TagChange... tags) {
        return new Metrics.Override(metric, mode, disabled, List.of(tags), Resources.ORIGIN);
    }

    private static Metrics.TagChange tag(String name, String value) {
        return new Metrics.TagChange(name, value);
    }

    private static void get(int port, String... headers) throws IOException {
        try (Wire wire = new Wire(port)) {
            String all = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            assertThat(
                            wire.send("GET / HTTP/1.1\r\nhost: server.ns:8080\r\n" + all + "\r\n")
                                    .reply()
                                    .status())
                    .isEqualTo(200);
        }
    }

    private record Pair(Sidecar client, Sidecar server) {}

    private Pair pair(Metrics.Override... overrides) {
        TestApp app =
                mesh.mesh.closing(TestApp.http1(mesh.mesh.apps, seen -> TestApp.text(200, "ok")));
        Telemetry telemetry =
                new Telemetry(List.of(), Tracing.DEFAULT, new Metrics(List.of(overrides), 3));
        Sidecar server =
                mesh.server("server", app.port(), AppProtocol.HTTP, OtlpSettings.NONE, telemetry);
        return new Pair(
                mesh.client(
                        "client",
                        server,
                        "server",
                        AppProtocol.HTTP,
                        OtlpSettings.NONE,
                        telemetry,
                        Duration.ofSeconds(10)),
                server);
    }

    private Pair asked(Metrics.Override... overrides) throws IOException {
        Pair pair = pair(overrides);
        get(ObservedMesh.entrance(pair.client()));
        return pair;
    }

    @Test
    void aMetricIsSwitchedOffOnOneSideAlone() throws IOException {
        Pair pair = asked(override(COUNT, "CLIENT", true));
        assertThat(pair.client().count("istio_requests_total")).isZero();
        assertThat(pair.client().count("istio_response_bytes_count")).isEqualTo(1);
        assertThat(pair.server().count("istio_requests_total")).isEqualTo(1);
    }

    @Test
    void allMetricsOffLeavesNoneAndALaterItemBringsOneBack() throws IOException {
        Pair pair = asked(override("ALL_METRICS", BOTH, true), override(COUNT, "SERVER", false));
        assertThat(pair.client().count("istio_requests_total")).isZero();
        assertThat(pair.client().metrics().scrape()).doesNotContain("istio_response_bytes_count{");
        assertThat(pair.server().count("istio_requests_total")).isEqualTo(1);
        assertThat(pair.server().metrics().scrape()).doesNotContain("istio_response_bytes_count{");
    }

    @Test
    void anItemThatSaysNothingOfItLeavesAMetricOff() throws IOException {
        Pair pair =
                asked(
                        override(COUNT, BOTH, true),
                        override("ALL_METRICS", BOTH, null, tag("stage", "'test'")));
        assertThat(pair.server().count("istio_requests_total")).isZero();
        assertThat(pair.server().count("istio_response_bytes_count", "stage=\"test\""))
                .isEqualTo(1);
    }

    @Test
    void tagsAreAddedChangedAndRemovedByModeAndMetric() throws IOException {
        Pair pair =
                asked(
                        override(COUNT, BOTH, null, tag("verb", "request.method")),
                        override(COUNT, "SERVER", null, tag("request_protocol", "'changed'")),
                        override("REQUEST_SIZE", BOTH, null, tag("response_flags", "")));
        assertThat(
                        pair.client()
                                .count(
                                        "istio_requests_total",
                                        "verb=\"GET\"",
                                        "request_protocol=\"http\""))
                .isEqualTo(1);
        assertThat(
                        pair.server()
                                .count(
                                        "istio_requests_total",
                                        "verb=\"GET\"",
                                        "request_protocol=\"changed\""))
                .isEqualTo(1);
        assertThat(pair.server().count("istio_request_bytes_count", "response_flags=\"\""))
                .isEqualTo(1);
        assertThat(pair.server().count("istio_response_bytes_count", "response_flags=\"-\""))
                .isEqualTo(1);
    }

    @Test
    void aTagOfEachRequestIsBoundedAndTheRestIsCounted() throws IOException {
        Pair pair = pair(override(COUNT, BOTH, null, tag("request_id", "%{REQUEST_ID}")));
        for (int i = 0; i < 8; i++) {
            get(ObservedMesh.entrance(pair.client()), "x-request-id: id-" + i);
        }
        assertThat(pair.server().count("istio_requests_total", "request_id=\"other\""))
                .isEqualTo(5);
        assertThat(pair.server().count("istio_requests_total", "request_id=\"id-2\"")).isEqualTo(1);
        assertThat(pair.server().count("weft_metric_tag_overflow_total", "tag=\"request_id\""))
                .isEqualTo(5);
    }

    @Test
    void statisticsOfClustersAreServedWhenTheirEnvoyNamesAreAskedFor() throws Exception {
        Pair pair = asked();
        ClusterStatistics statistics =
                new ClusterStatistics(() -> pair.client().node().plane().clusters());
        assertThat(scrape(statistics)).as("nobody has asked").isEmpty();
        statistics.select(
                new StatSelection(
                        List.of(),
                        List.of("upstream_rq_total"),
                        List.of(".*circuit_breakers.*", ".*upstream_rq_retry.*", ".*_cx_.*"),
                        List.of(),
                        List.of(),
                        List.of(".*overflow.*")));
        String text = scrape(statistics);
        assertThat(text)
                .containsPattern(
                        "envoy_cluster_upstream_rq_total\\{cluster_name=\"[^\"]*8080[^\"]*\"} 1.0")
                .containsPattern("envoy_cluster_upstream_cx_total\\{[^}]*} 1.0")
                .containsPattern("envoy_cluster_upstream_rq_retry\\{[^}]*} 0.0")
                .containsPattern("envoy_cluster_circuit_breakers_default_cx_open\\{[^}]*} 0.0")
                .doesNotContain("overflow")
                .doesNotContain("membership");
    }

    private static String scrape(ClusterStatistics statistics) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(statistics);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrometheusTextFormatWriter.create().write(out, registry.scrape());
        return out.toString(StandardCharsets.UTF_8);
    }
}
