package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Set;
import java.util.TreeSet;

/** Definitions of the Gateway API that do not serve the versions that are read (IST0156/0172). */
final class GatewayApiServed implements Check {

    private static final Set<String> BETA =
            Set.of("Gateway", "GatewayClass", "HTTPRoute", "ReferenceGrant");
    private static final Set<String> STABLE =
            Set.of("Gateway", "GatewayClass", "HTTPRoute", "GRPCRoute");

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field definition : mesh.all("apiextensions.k8s.io", "CustomResourceDefinition")) {
            Field spec = definition.get("spec");
            if (spec.get("group").text("").equals(MeshView.GATEWAY_API)) {
                check(spec, report);
            }
        }
    }

    private static void check(Field spec, Report report) {
        Set<String> served = new TreeSet<>();
        for (Field version : spec.get("versions").items()) {
            if (version.get("served").bool(false)) {
                served.add(version.get("name").text(""));
            }
        }
        String has = served.isEmpty() ? "none" : String.join(",", served);
        String kind = spec.get("names").get("kind").text("");
        if (BETA.contains(kind) && !served.contains("v1beta1")) {
            report.add(
                    IstioCode.UNSUPPORTED_GATEWAY_API_VERSION,
                    spec.get("versions"),
                    has,
                    "v1beta1");
        }
        if (STABLE.contains(kind) && !served.contains("v1")) {
            report.add(
                    IstioCode.FUTURE_UNSUPPORTED_GATEWAY_API_VERSION,
                    spec.get("versions"),
                    has,
                    "v1");
        }
    }
}
