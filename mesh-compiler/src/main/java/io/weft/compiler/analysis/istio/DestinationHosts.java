package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Set;

/** Destinations that nothing declares, and those whose port is not clear (IST0101, IST0112). */
final class DestinationHosts implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            String namespace = root.resource().namespace();
            Destinations.all(root)
                    .forEach(destination -> {
                        Field host = destination.get("host");
                        String name = mesh.qualify(host.text(""), namespace);
                        if (name.isEmpty()) {
                            return;
                        }
                        Set<String> ports = mesh.ports(name);
                        if (ports == null) {
                            report.add(
                                    IstioCode.REFERENCED_RESOURCE_NOT_FOUND,
                                    host,
                                    "host",
                                    host.text(""));
                        } else if (ports.size() > 1 && !destination.get("port").isPresent()) {
                            report.add(
                                    IstioCode.VIRTUAL_SERVICE_DESTINATION_PORT_SELECTOR_REQUIRED,
                                    destination,
                                    host.text(""),
                                    ports);
                        }
                    });
        }
    }
}
