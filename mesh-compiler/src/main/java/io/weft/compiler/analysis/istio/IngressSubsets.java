package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashMap;
import java.util.Map;

/**
 * Subsets that a VirtualService of the mesh chooses, where a gateway's own VirtualService goes to
 * the host as a whole: who comes by the gateway does not meet them (IST0140).
 */
final class IngressSubsets implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        Map<String, Field> dividing = new HashMap<>();
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            String namespace = root.resource().namespace();
            for (String host : root.get("spec").get("hosts").textItems()) {
                String qualified = mesh.qualify(host, namespace);
                if (divides(mesh, root, qualified)) {
                    dividing.putIfAbsent(qualified, root);
                }
            }
        }
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            if (isOfGateway(root)) {
                check(mesh, root, dividing, report);
            }
        }
    }

    private static boolean divides(MeshView mesh, Field root, String host) {
        for (Field route : root.get("spec").get("http").items()) {
            for (Field target : route.get("route").items()) {
                Field destination = target.get("destination");
                if (destination.get("subset").isPresent()
                        && mesh.qualify(
                                        destination.get("host").text(""),
                                        root.resource().namespace())
                                .equals(host)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfGateway(Field root) {
        return root.get("spec").get("gateways").textItems().stream()
                .anyMatch(gateway -> !gateway.equals("mesh"));
    }

    private static void check(
            MeshView mesh, Field root, Map<String, Field> dividing, Report report) {
        for (Field route : root.get("spec").get("http").items()) {
            for (Field target : route.get("route").items()) {
                Field destination = target.get("destination");
                Field other =
                        dividing.get(
                                mesh.qualify(
                                        destination.get("host").text(""),
                                        root.resource().namespace()));
                if (!destination.get("subset").isPresent() && other != null && other != root) {
                    report.add(
                            IstioCode.INGRESS_ROUTE_RULES_NOT_AFFECTED,
                            destination,
                            id(other),
                            id(root));
                }
            }
        }
    }

    private static String id(Field root) {
        return root.resource().namespace() + "/" + root.resource().name();
    }
}
