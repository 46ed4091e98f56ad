package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Map;

/** AuthorizationPolicies for nobody, and sources in namespaces that do not exist (IST0101/127). */
final class AuthorizationTargets implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field policy : mesh.all(MeshView.SECURITY, "AuthorizationPolicy")) {
            reportNoWorkloads(mesh, policy, report);
            for (Field rule : policy.get("spec").get("rules").items()) {
                for (Field from : rule.get("from").items()) {
                    Field source = from.get("source");
                    reportNamespaces(mesh, source.get("namespaces"), report);
                    reportNamespaces(mesh, source.get("notNamespaces"), report);
                }
            }
        }
    }

    private static void reportNoWorkloads(MeshView mesh, Field policy, Report report) {
        Field spec = policy.get("spec");
        String namespace = policy.resource().namespace();
        Map<String, String> labels = spec.get("selector").get("matchLabels").texts();
        boolean targets = spec.get("targetRef").isPresent() || spec.get("targetRefs").isPresent();
        boolean meshWide = labels.isEmpty() && namespace.equals(mesh.rootNamespace());
        if (!targets && !meshWide && mesh.selected(namespace, labels).isEmpty()) {
            report.add(IstioCode.NO_MATCHING_WORKLOADS_FOUND, spec, Labels.text(labels));
        }
    }

    private static void reportNamespaces(MeshView mesh, Field list, Report report) {
        for (Field item : list.items()) {
            String wanted = item.text("");
            if (mesh.namespaces().stream().noneMatch(name -> matches(wanted, name))) {
                report.add(IstioCode.REFERENCED_RESOURCE_NOT_FOUND, item, "namespace", wanted);
            }
        }
    }

    private static boolean matches(String pattern, String name) {
        if (pattern.equals("*")) {
            return true;
        }
        if (pattern.startsWith("*")) {
            return name.endsWith(pattern.substring(1));
        }
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
