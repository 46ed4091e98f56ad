package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gateways that nothing implements, and ports that their Service does not expose (IST0101/162). */
final class GatewayPorts implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field gateway : mesh.all(MeshView.NETWORKING, "Gateway")) {
            Map<String, String> selector = gateway.get("spec").get("selector").texts();
            List<Workload> pods = mesh.workloads(w -> w.has(selector)).toList();
            if (selector.isEmpty()) {
                continue;
            }
            if (pods.isEmpty()) {
                report.add(
                        IstioCode.REFERENCED_RESOURCE_NOT_FOUND,
                        gateway.get("spec").get("selector"),
                        "selector",
                        Labels.text(selector));
                continue;
            }
            Set<String> exposed = exposed(mesh, pods);
            if (!exposed.isEmpty()) {
                reportPorts(gateway, selector, exposed, report);
            }
        }
    }

    private static void reportPorts(
            Field gateway, Map<String, String> selector, Set<String> exposed, Report report) {
        for (Field server : gateway.get("spec").get("servers").items()) {
            Field number = server.get("port").get("number");
            String port = number.loose().orElse("");
            if (!port.isEmpty() && !exposed.contains(port)) {
                report.add(
                        IstioCode.GATEWAY_PORT_NOT_DEFINED_ON_SERVICE,
                        number,
                        port,
                        Labels.text(selector));
            }
        }
    }

    /** Ports of the Services of these pods: the gateway may name either side of the mapping. */
    private static Set<String> exposed(MeshView mesh, List<Workload> pods) {
        Set<String> ports = new HashSet<>();
        for (Field service : mesh.services()) {
            Map<String, String> selector = service.get("spec").get("selector").texts();
            String namespace = service.resource().namespace();
            boolean serves =
                    !selector.isEmpty()
                            && pods.stream()
                                    .anyMatch(pod ->
                                            pod.namespace().equals(namespace) && pod.has(selector));
            if (serves) {
                for (Field port : service.get("spec").get("ports").items()) {
                    port.get("port").loose().ifPresent(ports::add);
                    port.get("targetPort").loose().ifPresent(ports::add);
                }
            }
        }
        return ports;
    }
}
