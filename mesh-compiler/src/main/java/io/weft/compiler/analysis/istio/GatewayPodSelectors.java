package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.List;
import java.util.Map;

/** Selectors of policies that hit a Gateway of the Gateway API, where they do nothing (IST0166). */
final class GatewayPodSelectors implements Check {

    private static final String GATEWAY = "gateway.networking.k8s.io/gateway-name";

    private record Kind(String group, String name) {}

    private static final List<Kind> POLICIES =
            List.of(
                    new Kind(MeshView.SECURITY, "AuthorizationPolicy"),
                    new Kind(MeshView.SECURITY, "RequestAuthentication"),
                    new Kind(MeshView.TELEMETRY, "Telemetry"),
                    new Kind("extensions.istio.io", "WasmPlugin"));

    @Override
    public void run(MeshView mesh, Report report) {
        List<Workload> gateways =
                mesh.workloads(w -> !w.labels().getOrDefault(GATEWAY, "").isEmpty()).toList();
        for (Kind kind : POLICIES) {
            for (Field root : mesh.all(kind.group(), kind.name())) {
                Field spec = root.get("spec");
                Field selector = spec.get("selector");
                if (!selector.isPresent()
                        || spec.get("targetRef").isPresent()
                        || spec.get("targetRefs").isPresent()) {
                    continue;
                }
                Map<String, String> labels = selector.get("matchLabels").texts();
                for (Workload gateway : gateways) {
                    if (gateway.namespace().equals(root.resource().namespace())
                            && gateway.has(labels)) {
                        report.add(
                                IstioCode.INEFFECTIVE_SELECTOR,
                                selector,
                                gateway.labels().getOrDefault(GATEWAY, ""));
                    }
                }
            }
        }
    }
}
