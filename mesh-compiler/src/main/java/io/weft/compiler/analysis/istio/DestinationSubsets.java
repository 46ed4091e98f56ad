package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Hosts;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashSet;
import java.util.Set;

/** Subsets that no DestinationRule defines (IST0101). */
final class DestinationSubsets implements Check {

    private record Subset(String host, String name) {}

    @Override
    public void run(MeshView mesh, Report report) {
        Set<Subset> defined = new HashSet<>();
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            String host =
                    mesh.qualify(
                            rule.get("spec").get("host").text(""), rule.resource().namespace());
            for (Field subset : rule.get("spec").get("subsets").items()) {
                defined.add(new Subset(host, subset.get("name").text("")));
            }
        }
        for (Field root : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            Destinations.all(root)
                    .forEach(destination -> {
                        String subset = destination.get("subset").text("");
                        String written = destination.get("host").text("");
                        String host = mesh.qualify(written, root.resource().namespace());
                        boolean known =
                                defined.stream()
                                        .anyMatch(s ->
                                                s.name().equals(subset)
                                                        && Hosts.covers(s.host(), host));
                        if (!subset.isEmpty() && !known) {
                            report.add(
                                    IstioCode.REFERENCED_RESOURCE_NOT_FOUND,
                                    destination.get("subset"),
                                    "host+subset in destinationrule",
                                    written + "+" + subset);
                        }
                    });
        }
    }
}
