package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Routing by claims at gateways that verify no token (IST0149). */
final class JwtClaimRoutes implements Check {

    private static final String CLAIM = "@request.auth.claims";

    @Override
    public void run(MeshView mesh, Report report) {
        Map<String, Map<String, String>> gateways = new HashMap<>();
        for (Field gateway : mesh.all(MeshView.NETWORKING, "Gateway")) {
            gateways.put(
                    gateway.resource().namespace() + "/" + gateway.resource().name(),
                    gateway.get("spec").get("selector").texts());
        }
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            String claim = claim(root);
            if (claim.isEmpty()) {
                continue;
            }
            for (Field named : root.get("spec").get("gateways").items()) {
                String name = named.text("");
                String full = name.contains("/") ? name : root.resource().namespace() + "/" + name;
                Map<String, String> selector = gateways.get(full);
                if (selector != null) {
                    reportPods(mesh, named, claim, full, selector, report);
                }
            }
        }
    }

    private static String claim(Field root) {
        return root.get("spec").get("http").items().stream()
                .flatMap(route -> route.get("match").items().stream())
                .flatMap(match ->
                        Stream.concat(
                                match.get("headers").entries().keySet().stream(),
                                match.get("withoutHeaders").entries().keySet().stream()))
                .filter(name -> name.startsWith(CLAIM))
                .findFirst()
                .orElse("");
    }

    private static void reportPods(
            MeshView mesh,
            Field at,
            String claim,
            String gateway,
            Map<String, String> selector,
            Report report) {
        mesh.workloads(w -> w.has(selector))
                .filter(w -> !verifies(mesh, w))
                .findFirst()
                .ifPresent(w ->
                        report.add(
                                IstioCode.JWT_CLAIM_BASED_ROUTING_WITHOUT_REQUEST_AUTHN,
                                at,
                                claim,
                                gateway,
                                w.namespace() + "/" + w.name()));
    }

    private static boolean verifies(MeshView mesh, Workload workload) {
        return mesh.all(MeshView.SECURITY, "RequestAuthentication").stream()
                .anyMatch(root ->
                        mesh.selected(
                                        root.resource().namespace(),
                                        root.get("spec").get("selector").get("matchLabels").texts())
                                .contains(workload));
    }
}
