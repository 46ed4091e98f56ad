package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;

/** Fields that still work and will not for ever (IST0002). */
final class DeprecatedFields implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field service : mesh.all(MeshView.NETWORKING, "VirtualService")) {
            for (Field route : service.get("spec").get("http").items()) {
                old(
                        report,
                        route.get("fault").get("delay").get("percent"),
                        "use percentage instead of percent");
                old(report, route.get("mirrorPercent"), "use mirrorPercentage");
                old(report, route.get("mirror_percent"), "use mirrorPercentage");
            }
        }
        for (Field sidecar : mesh.all(MeshView.NETWORKING, "Sidecar")) {
            old(
                    report,
                    sidecar.get("spec").get("outboundTrafficPolicy").get("egressProxy"),
                    "egressProxy is not honoured any more");
        }
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            old(
                    report,
                    rule.get("spec")
                            .get("trafficPolicy")
                            .get("loadBalancer")
                            .get("warmupDurationSecs"),
                    "use warmup");
        }
    }

    private static void old(Report report, Field field, String instead) {
        if (field.isPresent()) {
            report.add(IstioCode.DEPRECATED, field, field.path() + ": " + instead);
        }
    }
}
