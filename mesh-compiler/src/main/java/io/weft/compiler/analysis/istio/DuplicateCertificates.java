package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One certificate behind several gateways of the same workloads (IST0138). */
final class DuplicateCertificates implements Check {

    private record Use(Map<String, String> selector, String credential) {}

    @Override
    public void run(MeshView mesh, Report report) {
        Map<Use, Set<Field>> uses = new LinkedHashMap<>();
        for (Field gateway : mesh.all(MeshView.NETWORKING, "Gateway")) {
            for (Field server : gateway.get("spec").get("servers").items()) {
                String credential = server.get("tls").get("credentialName").text("");
                if (!credential.isEmpty()) {
                    Use use = new Use(gateway.get("spec").get("selector").texts(), credential);
                    uses.computeIfAbsent(use, u -> new LinkedHashSet<>()).add(gateway);
                }
            }
        }
        uses.values().stream()
                .filter(gateways -> gateways.size() > 1)
                .forEach(gateways -> {
                    List<String> names = gateways.stream().map(g -> g.resource().name()).toList();
                    gateways.forEach(
                            g -> report.add(IstioCode.GATEWAY_DUPLICATE_CERTIFICATE, g, names));
                });
    }
}
