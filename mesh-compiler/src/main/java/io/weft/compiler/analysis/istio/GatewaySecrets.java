package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Certificates that a gateway's namespace does not have (IST0101). */
final class GatewaySecrets implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        Set<String> secrets =
                mesh.all("", "Secret").stream()
                        .map(s -> s.resource().namespace() + "/" + s.resource().name())
                        .collect(Collectors.toSet());
        for (Field gateway : mesh.all(MeshView.NETWORKING, "Gateway")) {
            Map<String, String> selector = gateway.get("spec").get("selector").texts();
            Set<String> namespaces =
                    mesh.workloads(w -> w.has(selector))
                            .map(Workload::namespace)
                            .collect(Collectors.toSet());
            for (Field server : gateway.get("spec").get("servers").items()) {
                Field credential = server.get("tls").get("credentialName");
                if (credential.isPresent()) {
                    check(gateway, credential, namespaces, secrets, report);
                }
            }
        }
    }

    private static void check(
            Field gateway,
            Field credential,
            Set<String> namespaces,
            Set<String> secrets,
            Report report) {
        Field selector = gateway.get("spec").get("selector");
        if (namespaces.isEmpty()) {
            report.add(
                    IstioCode.REFERENCED_RESOURCE_NOT_FOUND,
                    selector,
                    "selector",
                    Labels.text(selector.texts()));
            return;
        }
        String name = credential.text("");
        boolean found =
                namespaces.stream().anyMatch(namespace -> secrets.contains(namespace + "/" + name));
        if (!found) {
            report.add(
                    IstioCode.REFERENCED_RESOURCE_NOT_FOUND, credential, "credentialName", name);
        }
    }
}
