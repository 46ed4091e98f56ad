package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.HashSet;
import java.util.Set;

/** Tracing that goes to a provider whose protocol is on its way out (IST0002). */
final class DeprecatedTelemetryProviders implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        Set<String> lightstep = new HashSet<>();
        for (Field config : mesh.meshConfigs()) {
            for (Field provider : config.get("extensionProviders").items()) {
                if (provider.get("lightstep").isPresent()) {
                    lightstep.add(provider.get("name").text(""));
                }
            }
        }
        for (Field telemetry : mesh.all(MeshView.TELEMETRY, "Telemetry")) {
            for (Field tracing : telemetry.get("spec").get("tracing").items()) {
                for (Field provider : tracing.get("providers").items()) {
                    if (lightstep.contains(provider.get("name").text(""))) {
                        report.add(
                                IstioCode.DEPRECATED,
                                provider,
                                "the lightstep provider: send to its collector over OpenTelemetry");
                    }
                }
            }
        }
    }
}
