package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Set;

/** Resources whose status says that they are not in force (IST0171). */
final class NegativeConditions implements Check {

    /** Whose status a mesh writes. */
    private static final Set<String> GROUPS =
            Set.of(
                    MeshView.NETWORKING,
                    MeshView.SECURITY,
                    MeshView.TELEMETRY,
                    MeshView.GATEWAY_API,
                    "");

    @Override
    public void run(MeshView mesh, Report report) {
        mesh.everything()
                .filter(root -> GROUPS.contains(root.resource().group()))
                .filter(root -> !root.resource().kind().equals("Pod"))
                .forEach(root -> {
                    Field status = root.get("status");
                    boolean core = root.resource().group().isEmpty();
                    check(status.get("conditions"), core, report);
                    status.get("parents")
                            .items()
                            .forEach(parent -> check(parent.get("conditions"), core, report));
                });
    }

    private static void check(Field conditions, boolean core, Report report) {
        for (Field condition : conditions.items()) {
            String type = condition.get("type").text("");
            String reason = condition.get("reason").text("");
            boolean ours = type.startsWith("istio.io/") || !core && !type.contains("/");
            boolean negative =
                    condition.get("status").loose().orElse("").equals("False")
                            || reason.equals("PartiallyInvalid");
            if (ours && negative) {
                report.add(
                        IstioCode.NEGATIVE_CONDITION_STATUS,
                        condition,
                        type,
                        reason,
                        condition.get("message").text(""));
            }
        }
    }
}
