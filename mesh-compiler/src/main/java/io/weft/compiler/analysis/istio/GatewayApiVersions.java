package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.Map;

/** Gateway API definitions that are too old for what reads them (IST0176). */
final class GatewayApiVersions implements Check {

    private static final String BUNDLE = "gateway.networking.k8s.io/bundle-version";

    /** The first version whose definition has the served API. */
    private static final Map<String, String> MINIMUM =
            Map.of("tlsroutes.gateway.networking.k8s.io", "v1.5.0");

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field definition : mesh.all("apiextensions.k8s.io", "CustomResourceDefinition")) {
            RawResource resource = definition.resource();
            String minimum = MINIMUM.get(resource.name());
            String version = resource.annotations().get(BUNDLE);
            if (minimum != null && version != null && number(version) < number(minimum)) {
                report.add(
                        IstioCode.GATEWAY_API_CRD_VERSION_BELOW_MINIMUM,
                        definition,
                        resource.name(),
                        version,
                        minimum);
            }
        }
    }

    /** Versions as numbers that sort; what follows a dash is left out. */
    private static long number(String version) {
        long number = 0;
        String[] parts = version.replaceFirst("^v", "").split("-", 2)[0].split("\\.", 3);
        for (int i = 0; i < 3; i++) {
            String part = i < parts.length ? parts[i] : "0";
            number = number * 10_000 + (part.matches("[0-9]{1,4}") ? Integer.parseInt(part) : 0);
        }
        return number;
    }
}
