package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Set;

/** Patches whose order is left to chance, or that Envoy will not take (IST0151 …). */
final class EnvoyFilterPatches implements Check {

    private static final Set<String> REPLACEABLE =
            Set.of("HTTP_FILTER", "NETWORK_FILTER", "VIRTUAL_HOST");

    private static final Set<String> WHOLE = Set.of("ROUTE_CONFIGURATION", "HTTP_ROUTE");

    private static final Set<String> RELATIVE =
            Set.of("INSERT_BEFORE", "INSERT_AFTER", "REPLACE", "REMOVE");

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field filter : mesh.all(MeshView.NETWORKING, "EnvoyFilter")) {
            String priority = filter.get("spec").get("priority").loose().orElse("0");
            for (Field patch : filter.get("spec").get("configPatches").items()) {
                check(patch, priority.equals("0"), report);
            }
        }
    }

    private static void check(Field patch, boolean unordered, Report report) {
        Field operation = patch.get("patch").get("operation");
        String name = operation.text("");
        String target = patch.get("applyTo").text("");
        if (name.equals("REPLACE") && !REPLACEABLE.contains(target)) {
            report.add(IstioCode.ENVOY_FILTER_USES_REPLACE_OPERATION_INCORRECTLY, operation);
        } else if (name.equals("ADD") && WHOLE.contains(target)) {
            report.add(IstioCode.ENVOY_FILTER_USES_ADD_OPERATION_INCORRECTLY, operation);
        } else if (name.equals("REMOVE") && WHOLE.contains(target)) {
            report.add(IstioCode.ENVOY_FILTER_USES_REMOVE_OPERATION_INCORRECTLY, operation);
        } else if (unordered && RELATIVE.contains(name)) {
            boolean versioned =
                    !patch.get("match").get("proxy").get("proxyVersion").text("").isEmpty();
            report.add(
                    versioned
                            ? IstioCode.ENVOY_FILTER_USES_RELATIVE_OPERATION_WITH_PROXY_VERSION
                            : IstioCode.ENVOY_FILTER_USES_RELATIVE_OPERATION,
                    operation);
        }
    }
}
