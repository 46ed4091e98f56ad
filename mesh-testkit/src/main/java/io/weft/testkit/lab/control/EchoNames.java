package io.weft.testkit.lab.control;

import io.weft.testkit.lab.mesh.LabMesh;
import io.weft.testkit.lab.topology.WorkloadSpec;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How a distribution names who answered: {@code WORKLOAD.NAMESPACE}, with the version where several
 * workloads share a service and the name does not tell it.
 */
record EchoNames(LabMesh mesh) {

    String of(JsonNode echo) {
        String workload = echo.path("workload").asString("");
        String namespace = echo.path("namespace").asString("");
        String version = echo.path("version").asString("");
        boolean told =
                version.isEmpty() || workload.endsWith(version) || !shared(workload, namespace);
        return told ? workload + "." + namespace : workload + "-" + version + "." + namespace;
    }

    private boolean shared(String name, String namespace) {
        List<WorkloadSpec> all =
                mesh.settings().topology().workloads().stream()
                        .filter(each -> each.namespace().equals(namespace))
                        .toList();
        return all.stream()
                .filter(each -> each.name().equals(name))
                .anyMatch(each ->
                        all.stream().filter(o -> o.service().equals(each.service())).count() > 1);
    }
}
