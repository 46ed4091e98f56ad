package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.ArrayList;
import java.util.List;

/** Key sets that are fetched from anywhere (IST0175). */
final class JwksFetching implements Check {

    private static final String SETTING = "BLOCKED_CIDRS_IN_JWKS_URIS";

    @Override
    public void run(MeshView mesh, Report report) {
        List<String> fetching = new ArrayList<>();
        for (Field root : mesh.all(MeshView.SECURITY, "RequestAuthentication")) {
            boolean fetches =
                    root.get("spec").get("jwtRules").items().stream()
                            .anyMatch(rule -> !rule.get("jwksUri").text("").isEmpty());
            if (fetches) {
                fetching.add(root.resource().namespace() + "/" + root.resource().name());
            }
        }
        if (fetching.isEmpty()) {
            return;
        }
        for (Field deployment : mesh.all("apps", "Deployment")) {
            RawResource resource = deployment.resource();
            boolean isControlPlane =
                    resource.namespace().equals(mesh.rootNamespace())
                            && "istiod".equals(resource.labels().get("app"));
            if (isControlPlane && !restricts(deployment)) {
                report.add(
                        IstioCode.JWKS_URI_FETCH_UNRESTRICTED,
                        deployment,
                        fetching.size(),
                        String.join(", ", fetching));
            }
        }
    }

    private static boolean restricts(Field deployment) {
        Field spec = deployment.get("spec").get("template").get("spec");
        return spec.get("containers").items().stream()
                .flatMap(container -> container.get("env").items().stream())
                .anyMatch(env ->
                        env.get("name").text("").equals(SETTING)
                                && !env.get("value").text("").isBlank());
    }
}
