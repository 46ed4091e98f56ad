package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashSet;
import java.util.Set;

/** Networks that name a registry nobody has (IST0126). */
final class MeshNetworks implements Check {

    private static final Set<String> BUILT_IN = Set.of("Kubernetes", "Mock", "External");

    @Override
    public void run(MeshView mesh, Report report) {
        Set<String> known = new HashSet<>(BUILT_IN);
        for (Field secret : mesh.all("", "Secret")) {
            if ("true".equals(secret.resource().labels().get("istio/multiCluster"))) {
                known.addAll(secret.get("stringData").entries().keySet());
                known.addAll(secret.get("data").entries().keySet());
            }
        }
        for (Field document : mesh.meshNetworks()) {
            document.get("networks")
                    .entries()
                    .forEach((name, network) -> {
                        for (Field endpoint : network.get("endpoints").items()) {
                            Field registry = endpoint.get("fromRegistry");
                            if (registry.isPresent() && !known.contains(registry.text(""))) {
                                report.addAs(
                                        IstioCode.UNKNOWN_MESH_NETWORKS_SERVICE_REGISTRY,
                                        "MeshNetworks",
                                        mesh.rootNamespace(),
                                        "meshnetworks",
                                        registry,
                                        registry.text(""),
                                        name);
                            }
                        }
                    });
        }
    }
}
