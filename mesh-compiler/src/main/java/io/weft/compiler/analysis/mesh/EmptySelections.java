package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies whose selector finds nobody (WFT0505); for AuthorizationPolicies that is IST0127. */
final class EmptySelections implements Check {

    private static final List<String> KINDS =
            List.of("PeerAuthentication", "RequestAuthentication");

    @Override
    public void run(MeshView mesh, Report report) {
        for (String kind : KINDS) {
            for (Field root : mesh.all(MeshView.SECURITY, kind)) {
                Field selector = root.get("spec").get("selector").get("matchLabels");
                Map<String, String> labels = selector.texts();
                if (!labels.isEmpty()
                        && mesh.selected(root.resource().namespace(), labels).isEmpty()) {
                    report.warn(
                            Code.SELECTS_NOTHING,
                            selector,
                            Labels.text(labels) + ": no workload has these labels",
                            "correct the labels, or remove the policy");
                }
            }
        }
        reportTrafficTargets(mesh, report);
    }

    /** SMI names a service account; a workload that runs as it must be known. */
    private static void reportTrafficTargets(MeshView mesh, Report report) {
        for (Field root : mesh.all("access.smi-spec.io", "TrafficTarget")) {
            Field destination =
                    root.get("spec").isPresent()
                            ? root.get("spec").get("destination")
                            : root.get("destination");
            String name = destination.get("name").text("");
            String namespace = destination.get("namespace").text(root.resource().namespace());
            List<Workload> here = mesh.workloads(w -> w.namespace().equals(namespace)).toList();
            boolean runs = here.stream().anyMatch(w -> name.equals(account(w)));
            if (!here.isEmpty() && here.stream().noneMatch(w -> account(w) == null) && !runs) {
                report.warn(
                        Code.SELECTS_NOTHING,
                        destination,
                        "service account " + namespace + "/" + name + ": no workload runs as it",
                        "correct the name, or set serviceAccountName in the pods");
            }
        }
    }

    /** Null where it is not known. */
    private static @Nullable String account(Workload workload) {
        Field spec = workload.spec();
        return spec == null ? null : spec.get("serviceAccountName").text("default");
    }
}
