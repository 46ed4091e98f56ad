package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Containers that wait for an injector which does not come (IST0146, IST0147). */
final class ImageAuto implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        Map<String, Map<String, String>> namespaces = new HashMap<>();
        for (Field namespace : mesh.all("", "Namespace")) {
            namespaces.put(namespace.resource().name(), namespace.resource().labels());
        }
        List<Field> webhooks =
                mesh.all("admissionregistration.k8s.io", "MutatingWebhookConfiguration").stream()
                        .filter(c -> c.resource().name().startsWith("istio-sidecar-injector"))
                        .flatMap(c -> c.get("webhooks").items().stream())
                        .toList();
        for (Workload workload : mesh.workloads()) {
            Field resource = workload.resource();
            Field spec = workload.spec();
            if (resource == null || spec == null || !isAuto(spec)) {
                continue;
            }
            Map<String, String> labels = namespaces.getOrDefault(workload.namespace(), Map.of());
            if (workload.isPod()) {
                // An injected pod no longer has the word in it.
                report.add(
                        IstioCode.IMAGE_AUTO_WITHOUT_INJECTION_ERROR,
                        resource,
                        "Pod",
                        workload.name());
            } else if (webhooks.stream().noneMatch(w -> injects(w, labels, workload.labels()))) {
                report.add(
                        IstioCode.IMAGE_AUTO_WITHOUT_INJECTION_WARNING,
                        resource,
                        workload.kind(),
                        workload.name());
            }
        }
    }

    private static boolean isAuto(Field spec) {
        return spec.get("containers").items().stream()
                .anyMatch(container -> container.get("image").text("").equals("auto"));
    }

    private static boolean injects(
            Field webhook, Map<String, String> namespace, Map<String, String> pod) {
        return Labels.match(webhook.get("namespaceSelector"), namespace)
                && Labels.match(webhook.get("objectSelector"), pod);
    }
}
