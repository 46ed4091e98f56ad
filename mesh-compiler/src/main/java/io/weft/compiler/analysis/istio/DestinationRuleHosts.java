package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;

/** DestinationRules for hosts that nothing declares (IST0174). */
final class DestinationRuleHosts implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            Field host = rule.get("spec").get("host");
            String name = mesh.qualify(host.text(""), rule.resource().namespace());
            if (!name.isEmpty() && !name.contains("*") && mesh.ports(name) == null) {
                report.add(IstioCode.UNKNOWN_DESTINATION_RULE_HOST, host, host.text(""));
            }
        }
    }
}
