package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations, rules and dashboards as files; promtool is Prometheus' own judge. */
class MonitoringFilesTest {

    private static final Path MONITORING = Project.MODULE.resolve("monitoring");
    private static final Path COMPOSE = Project.MODULE.resolve("compose");
    private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");

    /** A block of discovery that Debian's Prometheus is built without. */
    private static final Pattern KUBERNETES =
            Pattern.compile("(?m)^( *)kubernetes_sd_configs:\\n(?:\\1-.*\\n|\\1 +.*\\n)+");

    @TempDir Path folder;

    @Test
    void ourConfigurationOfTheClusterIsTheSeedsWithTheControlPlaneBesideIt() {
        String own = Project.text(MONITORING.resolve("prometheus.yml"));
        String seed = seedConfiguration();
        assertThat(own.lines().map(String::stripTrailing).toList())
                .startsWith(
                        seed.stripTrailing()
                                .lines()
                                .map(String::stripTrailing)
                                .toArray(String[]::new));
        assertThat(own).contains("job_name: 'policy-service'");
    }

    private static String seedConfiguration() {
        return Project.yaml(Project.text(MONITORING.resolve("seed/prometheus.yaml"))).stream()
                .map(each -> Tree.text(each, "data", "prometheus.yml"))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void promtoolTakesTheConfigurations() throws Exception {
        Command.assumeInstalled("promtool");
        List<String> texts =
                List.of(
                        seedConfiguration(),
                        Project.text(MONITORING.resolve("prometheus.yml")),
                        Project.text(COMPOSE.resolve("prometheus.yml")));
        for (String text : texts) {
            // Where the discovery is not built in, the rest is judged without it.
            Path file = Files.writeString(folder.resolve("prometheus.yml"), text);
            String errors = promtool("check", "config", "--syntax-only", file.toString());
            if (errors.contains("field kubernetes_sd_configs not found")) {
                String without = KUBERNETES.matcher(text).replaceAll("$1static_configs: []\n");
                assertThat(without).isNotEqualTo(text).doesNotContain("kubernetes_sd");
                Files.writeString(file, without);
                errors = promtool("check", "config", "--syntax-only", file.toString());
            }
            assertThat(errors).isEmpty();
        }
    }

    @Test
    void promtoolTakesTheRulesAndEveryAlertIsTriedOnMadeUpSeries() throws Exception {
        Command.assumeInstalled("promtool");
        List<Path> rules =
                List.of(
                        COMPOSE.resolve("service-mesh.yml"),
                        MONITORING.resolve("rules/mesh-recording.yml"),
                        MONITORING.resolve("rules/mesh-alerts.yml"));
        Path tests = Project.MODULE.resolve("src/test/resources/rules");
        StringBuilder tried = new StringBuilder();
        for (Path each : rules) {
            assertThat(promtool("check", "rules", each.toString())).isEmpty();
            Files.copy(each, folder.resolve(each.getFileName()));
        }
        for (String name : List.of("seed.test.yml", "mesh.test.yml")) {
            Path test = Files.copy(tests.resolve(name), folder.resolve(name));
            assertThat(promtool("test", "rules", test.toString())).isEmpty();
            tried.append(Files.readString(test));
        }
        for (Path each : rules) {
            Matcher alert = ALERT.matcher(Project.text(each));
            while (alert.find()) {
                assertThat(tried).containsPattern("alertname(: |=\")" + alert.group(1) + "\\b");
            }
        }
    }

    /** What it says, empty when it is content. */
    private static String promtool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Command.Result result = Command.run(command);
        return result.code() == 0 ? "" : result.output() + result.errors();
    }

    @Test
    void theOperatorGetsTheSameRules() {
        List<Object> wrapped =
                Tree.each(
                                Project.yaml(
                                                Project.text(
                                                        MONITORING.resolve("operator/rules.yaml")))
                                        .getFirst(),
                                "spec",
                                "groups")
                        .map(each -> (Object) each)
                        .toList();
        List<Object> own = new ArrayList<>();
        for (String file : List.of("mesh-recording.yml", "mesh-alerts.yml")) {
            Tree.each(
                            Project.yaml(Project.text(MONITORING.resolve("rules").resolve(file)))
                                    .getFirst(),
                            "groups")
                    .forEach(own::add);
        }
        assertThat(wrapped).isEqualTo(own);
    }

    @Test
    void theMonitorsNamePortsAndPathsThatTheManifestsHave() {
        Manifests demo = Manifests.of("demo");
        List<Map<String, Object>> monitors =
                Project.yaml(Project.text(MONITORING.resolve("operator/monitors.yaml")));
        Map<String, Object> pods =
                monitors.stream()
                        .filter(each -> Tree.text(each, "kind").equals("PodMonitor"))
                        .findFirst()
                        .orElseThrow();
        String port =
                Tree.text(
                        Tree.each(pods, "spec", "podMetricsEndpoints").findFirst().orElseThrow(),
                        "port");
        assertThat(demo.containers().filter(each -> each.name().endsWith("/istio-proxy")).toList())
                .hasSize(6)
                .allSatisfy(each ->
                        assertThat(Tree.each(each.spec(), "ports"))
                                .anyMatch(p -> port.equals(Tree.text(p, "name"))));
        Map<String, Object> service =
                demo.kind("Service")
                        .filter(each ->
                                Tree.text(each, "metadata", "name").equals("policy-service"))
                        .findFirst()
                        .orElseThrow();
        Map<String, Object> monitor =
                monitors.stream()
                        .filter(each -> Tree.text(each, "kind").equals("ServiceMonitor"))
                        .findFirst()
                        .orElseThrow();
        assertThat(Tree.map(Tree.at(service, "metadata", "labels")))
                .containsAllEntriesOf(
                        Tree.map(Tree.at(monitor, "spec", "selector", "matchLabels")));
        assertThat(Tree.each(service, "spec", "ports"))
                .anyMatch(p -> "http".equals(Tree.text(p, "name")));
    }

    /** The seed's ServiceMonitor selects a Service by label and a port by name. */
    @Test
    void theServiceThatTheSeedsServiceMonitorSelectsIsThere() {
        Map<String, Object> seeds =
                Project.yaml(Project.text(Project.MODULE.resolve("blog/seed/istio-telemetry.yaml")))
                        .stream()
                        .filter(each -> Tree.text(each, "kind").equals("ServiceMonitor"))
                        .findFirst()
                        .orElseThrow();
        Map<String, Object> service =
                Project.yaml(Project.text(MONITORING.resolve("operator/monitors.yaml"))).stream()
                        .filter(each -> Tree.text(each, "kind").equals("Service"))
                        .findFirst()
                        .orElseThrow();
        assertThat(Tree.at(service, "metadata", "labels"))
                .isEqualTo(Tree.at(seeds, "spec", "selector", "matchLabels"));
        assertThat(Manifests.namespace(service)).isEqualTo(Manifests.namespace(seeds));
        String port =
                Tree.text(Tree.each(seeds, "spec", "endpoints").findFirst().orElseThrow(), "port");
        assertThat(Tree.each(service, "spec", "ports"))
                .anyMatch(p -> port.equals(Tree.text(p, "name")));
        Map<String, Object> selector = Tree.map(Tree.at(service, "spec", "selector"));
        assertThat(
                        Manifests.of("demo")
                                .workloads()
                                .filter(each ->
                                        Tree.map(
                                                        Tree.at(
                                                                each,
                                                                "spec",
                                                                "template",
                                                                "metadata",
                                                                "labels"))
                                                .entrySet()
                                                .containsAll(selector.entrySet())))
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mesh-overview", "mesh-service", "mesh-workload", "mesh-control-plane"})
    void theDashboardIsOneThatGrafanaShowsWell(String name) throws IOException {
        JsonNode board =
                new ObjectMapper()
                        .readTree(MONITORING.resolve("grafana").resolve(name + ".json").toFile());
        assertThat(board.path("uid").asText()).startsWith("weft-");
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : board.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).as("%s", panel.path("title")).isTrue();
            JsonNode at = panel.path("gridPos");
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < at.path("w").asInt(); x++) {
                for (int y = 0; y < at.path("h").asInt(); y++) {
                    String cell = (at.path("x").asInt() + x) + "," + (at.path("y").asInt() + y);
                    assertThat(cells.add(cell))
                            .as("%s: free %s", panel.path("title"), cell)
                            .isTrue();
                }
            }
        }
        String kustomization = Project.text(MONITORING.resolve("kustomization.yaml"));
        assertThat(kustomization).contains("grafana/" + name + ".json");
        assertThat(Project.text(Project.ROOT.resolve("compose.yaml"))).contains(name + ".json:");
    }
}
