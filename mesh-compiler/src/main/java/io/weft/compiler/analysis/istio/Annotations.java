package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Set;

/** Annotations that are unknown, misplaced, malformed or on their way out (IST0107 …). */
final class Annotations implements Check {

    private static final Set<String> ANNOTATED =
            Set.of("Namespace", "Service", "Pod", "Deployment");

    /** Written by the mesh itself. */
    private static final Set<String> NOT_THE_USERS =
            Set.of(
                    "istio.io/rev",
                    "ambient.istio.io/redirection",
                    "gateway.istio.io/controller-version");

    @Override
    public void run(MeshView mesh, Report report) {
        mesh.everything()
                .filter(root -> ANNOTATED.contains(root.resource().kind()))
                .forEach(root -> {
                    String kind = root.resource().kind();
                    check(root.get("metadata").get("annotations"), kind, report);
                    if (kind.equals("Deployment")) {
                        Field template = root.get("spec").get("template");
                        check(template.get("metadata").get("annotations"), "Pod", report);
                    }
                });
    }

    private static void check(Field annotations, String kind, Report report) {
        annotations
                .entries()
                .forEach((name, value) -> {
                    if (NOT_THE_USERS.contains(name) || !isIstios(name)) {
                        return;
                    }
                    KnownAnnotation known = KnownAnnotation.find(name);
                    if (known == null) {
                        report.add(IstioCode.UNKNOWN_ANNOTATION, value, name);
                        return;
                    }
                    if (!known.belongsTo(kind)) {
                        report.add(IstioCode.MISPLACED_ANNOTATION, value, name, known.places());
                    } else {
                        String problem = known.problem(value.loose().orElse(""));
                        if (!problem.isEmpty()) {
                            report.add(IstioCode.INVALID_ANNOTATION, value, name, problem);
                        }
                    }
                    if (known.deprecated()) {
                        report.add(IstioCode.DEPRECATED_ANNOTATION, value, name, "");
                    }
                });
    }

    private static boolean isIstios(String name) {
        String domain = name.substring(0, Math.max(0, name.indexOf('/')));
        return domain.equals("istio.io")
                || domain.endsWith(".istio.io")
                || name.equals(KnownAnnotation.INGRESS_CLASS);
    }
}
