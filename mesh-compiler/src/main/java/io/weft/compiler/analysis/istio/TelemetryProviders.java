package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;

/** Access logs that nobody receives (IST0157). */
final class TelemetryProviders implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        boolean byDefault =
                mesh.meshConfigs().stream()
                        .anyMatch(config ->
                                !config.get("defaultProviders")
                                        .get("accessLogging")
                                        .items()
                                        .isEmpty());
        if (byDefault) {
            return;
        }
        for (Field telemetry : mesh.all(MeshView.TELEMETRY, "Telemetry")) {
            for (Field log : telemetry.get("spec").get("accessLogging").items()) {
                if (log.get("providers").items().isEmpty()) {
                    report.add(
                            IstioCode.INVALID_TELEMETRY_PROVIDER,
                            log,
                            telemetry.resource().name(),
                            telemetry.resource().namespace());
                }
            }
        }
    }
}
