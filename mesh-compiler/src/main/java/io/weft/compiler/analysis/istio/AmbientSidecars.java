package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Sidecars for workloads without one, since they are in ambient mode (IST0167). */
final class AmbientSidecars implements Check {

    private static final Map<String, String> AMBIENT = Map.of("istio.io/dataplane-mode", "ambient");

    @Override
    public void run(MeshView mesh, Report report) {
        Set<String> ambient =
                mesh.all("", "Namespace").stream()
                        .filter(ns ->
                                ns.resource().labels().entrySet().containsAll(AMBIENT.entrySet()))
                        .map(ns -> ns.resource().name())
                        .collect(Collectors.toSet());
        for (Field root : mesh.all(MeshView.NETWORKING, "Sidecar")) {
            String namespace = root.resource().namespace();
            Map<String, String> labels =
                    root.get("spec").get("workloadSelector").get("labels").texts();
            if (labels.isEmpty() && ambient.contains(namespace)) {
                report.add(
                        IstioCode.INEFFECTIVE_POLICY,
                        root.get("spec"),
                        "namespace is in ambient mode, the policy has no impact");
            }
            boolean selected =
                    !labels.isEmpty()
                            && mesh.workloads(w -> w.namespace().equals(namespace))
                                    .filter(w -> w.has(labels))
                                    .anyMatch(w -> ambient.contains(namespace) || w.has(AMBIENT));
            if (selected) {
                report.add(
                        IstioCode.INEFFECTIVE_POLICY,
                        root.get("spec").get("workloadSelector"),
                        "selected workload is in ambient mode, the policy has no impact");
            }
        }
    }
}
