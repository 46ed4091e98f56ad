package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;

/** Applications that run as the user of the proxy, whose traffic is not caught (IST0144). */
final class ApplicationUser implements Check {

    private static final String PROXY = "1337";

    @Override
    public void run(MeshView mesh, Report report) {
        for (Workload workload : mesh.workloads()) {
            Field resource = workload.resource();
            Field spec = workload.spec();
            if (resource == null
                    || spec == null
                    || workload.namespace().equals(mesh.rootNamespace())) {
                continue;
            }
            boolean container =
                    spec.get("containers").items().stream()
                            .filter(c -> !c.get("name").text("").equals("istio-proxy"))
                            .anyMatch(c -> runsAsProxy(c.get("securityContext")));
            if (container || runsAsProxy(spec.get("securityContext"))) {
                report.add(IstioCode.INVALID_APPLICATION_UID, resource);
            }
        }
    }

    private static boolean runsAsProxy(Field context) {
        return context.get("runAsUser").loose().orElse("").equals(PROXY);
    }
}
