package io.weft.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedFilesTest {

    private static final Path SEED = Project.ROOT.resolve("../shared/seed").normalize();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blog/seed/istio-workloads.yaml",
                "blog/seed/istio-traffic.yaml",
                "blog/seed/istio-security.yaml",
                "blog/seed/istio-telemetry.yaml",
                "blog/seed/network/security-best-practices.yaml",
                "monitoring/seed/prometheus.yaml",
                "monitoring/seed/grafana-dashboard.json"
            })
    void theSeedsFilesAreByteForByteTheSeeds(String file) throws IOException {
        assumeTrue(Files.isDirectory(SEED), SEED + " is not here: not compared");
        Path copy = Project.MODULE.resolve(file);
        assertThat(Files.mismatch(copy, SEED.resolve(copy.getFileName()))).isEqualTo(-1);
    }

    @Test
    void theDashboardThatIsProvisionedIsTheSeedsWithoutItsEnvelope() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        Path monitoring = Project.MODULE.resolve("monitoring");
        assertThat(mapper.readTree(monitoring.resolve("grafana/service-mesh.json").toFile()))
                .isEqualTo(
                        mapper.readTree(monitoring.resolve("seed/grafana-dashboard.json").toFile())
                                .path("dashboard"));
    }

    @Test
    void theAlertsOfTheComposeFileAreTheSeeds() {
        assertThat(Project.text(Project.MODULE.resolve("compose/service-mesh.yml")))
                .isEqualToNormalizingWhitespace(data("prometheus-rules", "service-mesh.yml"));
        assertThat(Project.yaml(Project.text(Project.MODULE.resolve("compose/service-mesh.yml"))))
                .isEqualTo(Project.yaml(data("prometheus-rules", "service-mesh.yml")));
    }

    @Test
    void theClustersPrometheusReadsTheSeedsConfigurationUnchanged() {
        Manifests demo = Manifests.of("demo");
        for (String name : List.of("prometheus-config", "prometheus-rules")) {
            Map<String, Object> rendered =
                    demo.kind("ConfigMap")
                            .filter(each -> name.equals(Tree.text(each, "metadata", "name")))
                            .findFirst()
                            .orElseThrow();
            Tree.map(rendered.get("data"))
                    .forEach((key, value) -> assertThat(value).isEqualTo(data(name, key)));
        }
    }

    @Test
    void theSeedsPrometheusFindsEveryProxyByTheNameOfItsContainerAndThePortOfItsAnnotation() {
        long proxies =
                Manifests.of("demo")
                        .workloads()
                        .filter(each ->
                                "15090"
                                        .equals(
                                                Tree.text(
                                                        each,
                                                        "spec",
                                                        "template",
                                                        "metadata",
                                                        "annotations",
                                                        "prometheus.io/port")))
                        .peek(each ->
                                assertThat(
                                                Manifests.pod(each)
                                                        .toString()
                                                        .contains("name=istio-proxy"))
                                        .as(Manifests.name(each))
                                        .isTrue())
                        .count();
        assertThat(proxies).isEqualTo(6);
    }

    private static String data(String configMap, String key) {
        return Project.yaml(Project.text(Project.MODULE.resolve("monitoring/seed/prometheus.yaml")))
                .stream()
                .filter(each -> configMap.equals(Tree.text(each, "metadata", "name")))
                .map(each -> Tree.text(each, "data", key))
                .findFirst()
                .orElseThrow();
    }
}
