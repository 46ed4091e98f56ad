package io.weft.k8s.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.weft.testkit.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Prometheus scrapes a running mesh; every rule and every panel must find something. */
@Timeout(180)
class PrometheusOnTheMeshTest {

    private static final Path MONITORING = BusyMesh.MODULE.resolve("monitoring");

    /** What the lab cannot bring about; promtool tries these on made-up series. */
    private static final Map<String, String> NOT_HERE =
            Map.of("UpstreamOverflow", "nothing overflows: no request waits for a connection");

    @TempDir static Path folder;
    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static PrometheusProcess prometheus;

    @BeforeAll
    static void scrapeABusyMesh() throws IOException {
        assumeTrue(
                PrometheusProcess.installed(),
                "prometheus is not installed (apt-get install prometheus): not tried here");
        Lab lab = BusyMesh.start();
        OPEN.add(lab);
        // One proxy in place of one that has its process for itself.
        OPEN.add(BusyMesh.proxy(lab, "blog-api-v1").metrics().ofProcess());
        OPEN.add(BusyMesh.load(lab));
        prometheus =
                PrometheusProcess.start(
                        folder,
                        """
                        global: {scrape_interval: 500ms, evaluation_interval: 500ms}
                        rule_files: ['%1$s/compose/service-mesh.yml', '%1$s/monitoring/rules/*.yml']
                        scrape_configs:
                        - job_name: lab
                          http_sd_configs: [{url: '%2$s/targets'}]
                        # One that has died.
                        - job_name: istio-proxy
                          static_configs:
                          - targets: ['127.0.0.1:1']
                            labels: {namespace: blog, pod_name: gone}
                        """
                                .formatted(BusyMesh.MODULE, lab.control()));
        OPEN.add(prometheus);
        PrometheusProcess.await(
                () -> "every target answers: " + prometheus.targets(),
                () -> prometheus.query("up == 1").size() == 1 + BusyMesh.PROXIES);
        PrometheusProcess.await(
                "requests are counted at both ends",
                () ->
                        prometheus.query("edge:istio_requests:rate5m > 0").size() > 2
                                && !failing().isEmpty());
    }

    @AfterAll
    static void end() throws Exception {
        for (AutoCloseable each : OPEN.reversed()) {
            each.close();
        }
        OPEN.clear();
    }

    private static List<JsonNode> failing() {
        return prometheus.query("service:istio_request_errors:ratio_rate5m > 0");
    }

    @Test
    void theLabTellsPrometheusEveryTarget() {
        // Over time: one that is slow for a moment on a busy machine is not gone.
        String seen = "max_over_time(up{job=\"%s\"}[5m]) == %d";
        assertThat(prometheus.query(seen.formatted("istio-proxy", 1))).hasSize(BusyMesh.PROXIES);
        assertThat(prometheus.query(seen.formatted("policy-service", 1))).hasSize(1);
        assertThat(prometheus.query(seen.formatted("istio-proxy", 0))).hasSize(1);
    }

    @Test
    void everyRuleIsEvaluatedAndTheSeedsAlertsSeeWhatIsWrongHere() {
        PrometheusProcess.await(
                "every rule is evaluated",
                () ->
                        prometheus.rules().stream()
                                .noneMatch(rule -> rule.path("health").asText().equals("unknown")));
        assertThat(prometheus.rules()).hasSizeGreaterThan(30);
        for (JsonNode rule : prometheus.rules()) {
            assertThat(rule.path("health").asText()).as("%s", rule).isEqualTo("ok");
        }
        for (String alert : List.of("HighErrorRate", "HighLatency", "ServiceDown")) {
            PrometheusProcess.await(
                    alert + " is pending: its condition holds",
                    () -> prometheus.query("ALERTS{alertname=\"" + alert + "\"}").size() > 0);
        }
    }

    @Test
    void everyRecordingRuleGivesSeries() {
        for (JsonNode rule : prometheus.rules()) {
            if (rule.path("type").asText().equals("recording")) {
                hasSeries(rule.path("name").asText(), rule.path("name").asText());
            }
        }
    }

    /** Comparisons give 0 or 1 instead of nothing: what they compare must be there. */
    @Test
    void everyAlertComparesWhatTheMeshHas() {
        for (JsonNode rule : prometheus.rules()) {
            String name = rule.path("name").asText();
            if (rule.path("type").asText().equals("alerting")) {
                String expression = rule.path("query").asText();
                String compared = expression.replaceAll(" (>|<|==) ", " $1 bool ");
                if (NOT_HERE.containsKey(name)) {
                    prometheus.query(compared);
                } else {
                    hasSeries(name, compared);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service-mesh.json",
                "mesh-overview.json",
                "mesh-service.json",
                "mesh-workload.json",
                "mesh-control-plane.json"
            })
    void everyPanelOfTheDashboardHasSeries(String file) throws IOException {
        Dashboard dashboard = Dashboard.read(MONITORING.resolve("grafana").resolve(file));
        Map<String, String> chosen =
                new HashMap<>(
                        Map.of(
                                "namespace", "blog",
                                "service", "blog-api",
                                "workload", "blog-api-v1",
                                "source", ".*",
                                "pod", ".*"));
        for (Dashboard.Variable variable : dashboard.variables()) {
            String wanted = chosen.getOrDefault(variable.name(), "");
            String query = Dashboard.filled(variable.query(), chosen);
            PrometheusProcess.await(
                    () -> wanted + " among " + prometheus.labelValues(query, variable.label()),
                    () -> {
                        List<String> values = prometheus.labelValues(query, variable.label());
                        return wanted.equals(".*") ? !values.isEmpty() : values.contains(wanted);
                    });
        }
        assertThat(dashboard.queries()).isNotEmpty();
        for (Dashboard.Query query : dashboard.queries()) {
            if (query.panel().endsWith("annotation")) {
                prometheus.query(query.expression());
            } else {
                hasSeries(query.panel(), Dashboard.filled(query.expression(), chosen));
            }
        }
    }

    private static void hasSeries(String what, String expression) {
        PrometheusProcess.await(
                what + " has series: " + expression, () -> !prometheus.query(expression).isEmpty());
    }
}
