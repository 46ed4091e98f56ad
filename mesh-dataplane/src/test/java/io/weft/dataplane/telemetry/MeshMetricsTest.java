package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weft.model.Origin;
import io.weft.model.telemetry.Metrics;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MeshMetricsTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final MeshMetrics metrics = new MeshMetrics(registry, SampleExchange.local());

    private List<String> lines(String metric) {
        return Arrays.stream(metrics.scrape().split("\n"))
                .filter(line -> line.startsWith(metric + "{"))
                .toList();
    }

    private static Map<String, String> labels(String line) {
        Map<String, String> labels = new TreeMap<>();
        Matcher matcher = Pattern.compile("([a-z_]+)=\"([^\"]*)\"").matcher(line);
        while (matcher.find()) {
            labels.put(matcher.group(1), matcher.group(2));
        }
        return labels;
    }

    private static double value(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static Metrics overriding(String metric, String reporter, Metrics.TagChange... tags) {
        return new Metrics(
                List.of(
                        new Metrics.Override(
                                metric, reporter, false, List.of(tags), Origin.builtIn("test"))),
                3);
    }

    @Test
    void countsARequestAtItsDestinationWithEveryLabelOfIstio() {
        metrics.finished(new SampleExchange());
        assertThat(lines("istio_requests_total")).hasSize(1);
        assertThat(labels(lines("istio_requests_total").getFirst()))
                .isEqualTo(
                        new TreeMap<>(
                                Map.ofEntries(
                                        Map.entry("reporter", "destination"),
                                        Map.entry("source_workload", "web-deploy"),
                                        Map.entry("source_workload_namespace", "blog"),
                                        Map.entry(
                                                "source_principal",
                                                "spiffe://cluster.local/ns/blog/sa/web"),
                                        Map.entry("source_app", "web"),
                                        Map.entry("source_version", "v3"),
                                        Map.entry("source_canonical_service", "web"),
                                        Map.entry("source_canonical_revision", "v3"),
                                        Map.entry("source_cluster", "Kubernetes"),
                                        Map.entry("destination_workload", "blog-api-v1"),
                                        Map.entry("destination_workload_namespace", "blog"),
                                        Map.entry(
                                                "destination_principal",
                                                "spiffe://cluster.local/ns/blog/sa/api"),
                                        Map.entry("destination_app", "blog-api"),
                                        Map.entry("destination_version", "v1"),
                                        Map.entry("destination_canonical_service", "blog-api"),
                                        Map.entry("destination_canonical_revision", "v1"),
                                        Map.entry("destination_cluster", "Kubernetes"),
                                        Map.entry(
                                                "destination_service",
                                                "blog-api.blog.svc.cluster.local"),
                                        Map.entry("destination_service_name", "blog-api"),
                                        Map.entry("destination_service_namespace", "blog"),
                                        Map.entry("request_protocol", "http"),
                                        Map.entry("response_code", "200"),
                                        Map.entry("grpc_response_status", ""),
                                        Map.entry("response_flags", "-"),
                                        Map.entry("connection_security_policy", "mutual_tls"))));
        assertThat(value(lines("istio_requests_total").getFirst())).isEqualTo(1);
    }

    @Test
    void atTheSourceThePolicyIsUnknownAndTheSourceIsThisWorkload() {
        SampleExchange exchange = new SampleExchange();
        exchange.inbound = false;
        exchange.peer = null;
        metrics.finished(exchange);
        assertThat(labels(lines("istio_requests_total").getFirst()))
                .containsEntry("reporter", "source")
                .containsEntry("source_workload", "blog-api-v1")
                .containsEntry("source_principal", "spiffe://cluster.local/ns/blog/sa/api")
                .containsEntry("connection_security_policy", "unknown");
    }

    @Test
    void whatIsNotKnownOfAPlainTextCallerIsUnknown() {
        SampleExchange exchange = new SampleExchange();
        exchange.peer = null;
        exchange.mutualTls = false;
        exchange.peerMetadata = PeerMetadata.UNKNOWN;
        metrics.finished(exchange);
        assertThat(labels(lines("istio_requests_total").getFirst()))
                .containsEntry("source_workload", "unknown")
                .containsEntry("source_workload_namespace", "unknown")
                .containsEntry("source_principal", "unknown")
                .containsEntry("destination_principal", "unknown")
                .containsEntry("connection_security_policy", "none");
    }

    @Test
    void measuresMillisecondsInIstiosBuckets() {
        metrics.finished(new SampleExchange());
        Set<Double> bounds = new TreeSet<>();
        for (String line : lines("istio_request_duration_milliseconds_bucket")) {
            String le = labels(line.replace("le=", "le_=")).get("le_");
            double bound = le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
            bounds.add(bound);
            assertThat(value(line)).as(le).isEqualTo(bound >= 12.345678 ? 1 : 0);
        }
        assertThat(bounds)
                .containsExactly(
                        0.5,
                        1d,
                        5d,
                        10d,
                        25d,
                        50d,
                        100d,
                        250d,
                        500d,
                        1000d,
                        2500d,
                        5000d,
                        10000d,
                        30000d,
                        60000d,
                        300000d,
                        600000d,
                        1800000d,
                        3600000d,
                        Double.POSITIVE_INFINITY);
        assertThat(value(lines("istio_request_duration_milliseconds_sum").getFirst()))
                .isEqualTo(12.345678);
        assertThat(value(lines("istio_request_duration_milliseconds_count").getFirst()))
                .isEqualTo(1);
        assertThat(value(lines("istio_request_bytes_sum").getFirst())).isEqualTo(17);
        assertThat(value(lines("istio_response_bytes_sum").getFirst())).isEqualTo(421);
    }

    @Test
    void countsExactlyOnceFromManyThreads() throws Exception {
        int threads = 8;
        int each = 5_000;
        CountDownLatch go = new CountDownLatch(1);
        try (var executor = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                executor.submit(() -> {
                    go.await();
                    SampleExchange exchange = new SampleExchange();
                    for (int j = 0; j < each; j++) {
                        metrics.finished(exchange);
                    }
                    return null;
                });
            }
            go.countDown();
        }
        assertThat(lines("istio_requests_total")).hasSize(1);
        assertThat(value(lines("istio_requests_total").getFirst())).isEqualTo(threads * each);
        assertThat(value(lines("istio_request_duration_milliseconds_count").getFirst()))
                .isEqualTo(threads * each);
    }

    @Test
    void grpcHasItsStatusAndItsMessages() {
        SampleExchange exchange = new SampleExchange();
        exchange.grpcStatus = 14;
        exchange.requestMessages = 2;
        exchange.responseMessages = 5;
        metrics.finished(exchange);
        assertThat(labels(lines("istio_requests_total").getFirst()))
                .containsEntry("request_protocol", "grpc")
                .containsEntry("grpc_response_status", "14");
        assertThat(value(lines("istio_request_messages_total").getFirst())).isEqualTo(2);
        assertThat(value(lines("istio_response_messages_total").getFirst())).isEqualTo(5);
    }

    @Test
    void tcpHasConnectionsAndBytesButNoCodes() {
        SampleExchange connection = new SampleExchange();
        connection.http = false;
        metrics.opened(connection);
        assertThat(lines("istio_tcp_connections_opened_total")).hasSize(1);
        metrics.finished(connection);
        String closed = lines("istio_tcp_connections_closed_total").getFirst();
        assertThat(value(closed)).isEqualTo(1);
        assertThat(labels(closed))
                .containsEntry("request_protocol", "tcp")
                .doesNotContainKeys("response_code", "grpc_response_status");
        assertThat(value(lines("istio_tcp_sent_bytes_total").getFirst())).isEqualTo(421);
        assertThat(value(lines("istio_tcp_received_bytes_total").getFirst())).isEqualTo(17);
        assertThat(lines("istio_requests_total")).isEmpty();
    }

    @Test
    void aTagFromRequestsIsBoundedAndTheRestIsOther() {
        metrics.update(
                overriding(
                        "ALL_METRICS",
                        "CLIENT_AND_SERVER",
                        new Metrics.TagChange("user_id", "%{REQUEST_HEADERS['x-user-id']}")));
        for (int i = 0; i < 10; i++) {
            SampleExchange exchange = new SampleExchange();
            exchange.requestHeaders.set("x-user-id", "user-" + i);
            metrics.finished(exchange);
        }
        Map<String, Double> byUser = new TreeMap<>();
        for (String line : lines("istio_requests_total")) {
            byUser.put(labels(line).get("user_id"), value(line));
        }
        assertThat(byUser).isEqualTo(Map.of("user-0", 1d, "user-1", 1d, "user-2", 1d, "other", 7d));
        assertThat(lines("weft_metric_tag_overflow_total"))
                .anySatisfy(line -> {
                    assertThat(labels(line)).containsEntry("tag", "user_id");
                    assertThat(value(line)).isEqualTo(7);
                });
    }

    @Test
    void overridesTakeTagsAwayAndSwitchMetricsOff() {
        metrics.update(
                new Metrics(
                        List.of(
                                new Metrics.Override(
                                        "REQUEST_COUNT",
                                        "SERVER",
                                        false,
                                        List.of(
                                                new Metrics.TagChange("source_principal", ""),
                                                new Metrics.TagChange("response_code", "'fixed'")),
                                        Origin.builtIn("test")),
                                new Metrics.Override(
                                        "REQUEST_SIZE",
                                        "CLIENT_AND_SERVER",
                                        true,
                                        List.of(),
                                        Origin.builtIn("test"))),
                        100));
        metrics.finished(new SampleExchange());
        assertThat(labels(lines("istio_requests_total").getFirst()))
                .containsEntry("source_principal", "")
                .containsEntry("response_code", "fixed");
        assertThat(lines("istio_request_bytes_count")).isEmpty();
        assertThat(lines("istio_response_bytes_count")).hasSize(1);
    }

    @Test
    void countersGoOnWhenAnUpdateLeavesTheirLabelsAsTheyAre() {
        metrics.finished(new SampleExchange());
        metrics.update(Metrics.DEFAULT);
        metrics.finished(new SampleExchange());
        assertThat(value(lines("istio_requests_total").getFirst())).isEqualTo(2);
    }

    @Test
    void aPeerThatInventsNamesDoesNotFillTheMemory() {
        for (int i = 0; i < 3_000; i++) {
            SampleExchange exchange = new SampleExchange();
            exchange.peerMetadata = PeerMetadata.of("invented-" + i, Map.of(), "");
            metrics.finished(exchange);
        }
        assertThat(lines("istio_requests_total")).hasSizeLessThanOrEqualTo(1_001);
    }

    @Test
    void showsTheConnectionToTheControlPlaneAndTheCertificatesEnd() {
        var observer = metrics.connectionObserver();
        observer.connected(true);
        observer.accepted();
        observer.refused();
        metrics.certificate(
                () -> java.time.Instant.ofEpochSecond(1_700_000_000L),
                () -> java.time.Instant.ofEpochSecond(1_800_000_000L));
        assertThat(metrics.scrape())
                .contains("weft_control_plane_connected 1.0")
                .contains("weft_config_accepted_total 1.0")
                .contains("weft_config_refused_total 1.0")
                .contains("weft_certificate_start_timestamp_seconds 1.7E9")
                .contains("weft_certificate_expiry_timestamp_seconds 1.8E9");
    }
}
