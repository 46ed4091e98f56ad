package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Sidecars and Telemetries that select nothing, or the same workload twice (IST0101, IST0110 …).
 */
final class WorkloadSelectors implements Check {

    private final String group;
    private final String kind;
    private final IstioCode overlap;
    private final IstioCode severalDefaults;
    private final Function<Field, Map<String, String>> selector;

    private WorkloadSelectors(
            String group,
            String kind,
            IstioCode overlap,
            IstioCode severalDefaults,
            Function<Field, Map<String, String>> selector) {
        this.group = group;
        this.kind = kind;
        this.overlap = overlap;
        this.severalDefaults = severalDefaults;
        this.selector = selector;
    }

    static WorkloadSelectors sidecars() {
        return new WorkloadSelectors(
                MeshView.NETWORKING,
                "Sidecar",
                IstioCode.CONFLICTING_SIDECAR_WORKLOAD_SELECTORS,
                IstioCode.MULTIPLE_SIDECARS_WITHOUT_WORKLOAD_SELECTORS,
                root -> root.get("spec").get("workloadSelector").get("labels").texts());
    }

    static WorkloadSelectors telemetries() {
        return new WorkloadSelectors(
                MeshView.TELEMETRY,
                "Telemetry",
                IstioCode.CONFLICTING_TELEMETRY_WORKLOAD_SELECTORS,
                IstioCode.MULTIPLE_TELEMETRIES_WITHOUT_WORKLOAD_SELECTORS,
                root -> root.get("spec").get("selector").get("matchLabels").texts());
    }

    @Override
    public void run(MeshView mesh, Report report) {
        Map<String, List<Field>> defaults = new TreeMap<>();
        Map<Workload, List<Field>> selecting = new LinkedHashMap<>();
        for (Field root : mesh.all(group, kind)) {
            String namespace = root.resource().namespace();
            Map<String, String> labels = selector.apply(root);
            if (labels.isEmpty()) {
                defaults.computeIfAbsent(namespace, ns -> new ArrayList<>()).add(root);
                continue;
            }
            List<Workload> selected =
                    mesh.workloads(w -> w.namespace().equals(namespace) && w.has(labels)).toList();
            if (selected.isEmpty()) {
                report.add(
                        IstioCode.REFERENCED_RESOURCE_NOT_FOUND,
                        root.get("spec"),
                        "selector",
                        Labels.text(labels));
            }
            selected.forEach(w -> selecting.computeIfAbsent(w, k -> new ArrayList<>()).add(root));
        }
        selecting.forEach((workload, roots) ->
                reportSeveral(
                        roots,
                        (root, names) ->
                                report.add(
                                        overlap,
                                        root.get("spec"),
                                        names,
                                        workload.namespace(),
                                        workload.name())));
        defaults.forEach((namespace, roots) ->
                reportSeveral(
                        roots,
                        (root, names) ->
                                report.add(severalDefaults, root.get("spec"), names, namespace)));
    }

    private static void reportSeveral(List<Field> roots, BiConsumer<Field, List<String>> reporter) {
        if (roots.size() > 1) {
            List<String> names = roots.stream().map(r -> r.resource().name()).sorted().toList();
            roots.forEach(root -> reporter.accept(root, names));
        }
    }
}
