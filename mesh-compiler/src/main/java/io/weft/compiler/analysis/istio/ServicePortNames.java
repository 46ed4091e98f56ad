package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Ports whose name does not say what they speak (IST0118, IST0150). */
final class ServicePortNames implements Check {

    private static final Set<String> PROTOCOLS =
            Set.of(
                    "grpc",
                    "grpc-web",
                    "http",
                    "http2",
                    "http-proxy",
                    "https",
                    "hbone",
                    "mongo",
                    "mysql",
                    "redis",
                    "tcp",
                    "tls",
                    "udp",
                    "auto",
                    "double-hbone");

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field service : mesh.services()) {
            Map<String, String> labels = service.resource().labels();
            if (labels.containsKey("istio") || "istio".equals(labels.get("release"))) {
                continue;
            }
            boolean elsewhere = service.get("spec").get("type").text("").equals("ExternalName");
            for (Field port : service.get("spec").get("ports").items()) {
                String name = port.get("name").text("");
                if (elsewhere) {
                    reportExternal(port, name, report);
                } else if (!says(name)
                        && !port.get("appProtocol").isPresent()
                        && !port.get("protocol").text("TCP").equals("UDP")) {
                    report.add(
                            IstioCode.PORT_NAME_IS_NOT_UNDER_NAMING_CONVENTION,
                            port,
                            name,
                            port.get("port").loose().orElse("0"),
                            port.get("targetPort").loose().orElse("0"));
                }
            }
        }
    }

    private static void reportExternal(Field port, String name, Report report) {
        if (name.isEmpty() || name.equals("tcp") || name.startsWith("tcp-") || !says(name)) {
            report.add(IstioCode.EXTERNAL_NAME_SERVICE_TYPE_INVALID_PORT_NAME, port);
        }
    }

    private static boolean says(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return PROTOCOLS.stream().anyMatch(p -> lower.equals(p) || lower.startsWith(p + "-"));
    }
}
