package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Subsets without a pod behind them (IST0173). */
final class SubsetPods implements Check {

    private static final Set<String> TOPOLOGY =
            Set.of(
                    "topology.kubernetes.io/region",
                    "topology.kubernetes.io/zone",
                    "topology.istio.io/subzone");

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            String host =
                    mesh.qualify(
                            rule.get("spec").get("host").text(""), rule.resource().namespace());
            for (Field service : mesh.servicesAt(host)) {
                Map<String, String> selector = service.get("spec").get("selector").texts();
                if (mesh.hostOf(service).equals(host) && !selector.isEmpty()) {
                    check(mesh, rule, service.resource().namespace(), selector, report);
                }
            }
        }
    }

    private static void check(
            MeshView mesh,
            Field rule,
            String namespace,
            Map<String, String> selector,
            Report report) {
        for (Field subset : rule.get("spec").get("subsets").items()) {
            Map<String, String> labels = new HashMap<>(subset.get("labels").texts());
            labels.putAll(selector);
            boolean any =
                    mesh.workloadsIn(namespace).stream()
                            .anyMatch(w -> Labels.match(labels, withTopology(mesh, w)));
            if (!any) {
                report.add(
                        IstioCode.DESTINATION_RULE_SUBSET_NOT_SELECT_PODS,
                        subset,
                        subset.get("name").text(""));
            }
        }
    }

    /** A pod has its node's place as well; a place without a name is none. */
    private static Map<String, String> withTopology(MeshView mesh, Workload workload) {
        Field spec = workload.spec();
        String node = spec == null ? "" : spec.get("nodeName").text("");
        if (node.isEmpty()) {
            return workload.labels();
        }
        Map<String, String> labels = new HashMap<>(workload.labels());
        for (Field found : mesh.all("", "Node")) {
            if (found.resource().name().equals(node)) {
                found.resource()
                        .labels()
                        .forEach((name, value) -> {
                            if (TOPOLOGY.contains(name) && !value.isEmpty()) {
                                labels.put(name, value);
                            }
                        });
            }
        }
        return labels;
    }
}
