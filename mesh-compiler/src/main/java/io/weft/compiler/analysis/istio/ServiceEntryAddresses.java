package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;

/** Plain TCP to a ServiceEntry that no address tells apart (IST0134). */
final class ServiceEntryAddresses implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        boolean allocated =
                mesh.meshConfigs().stream()
                        .map(config -> config.get("defaultConfig").get("proxyMetadata"))
                        .anyMatch(metadata ->
                                isTrue(metadata.get("ISTIO_META_DNS_CAPTURE"))
                                        && isTrue(metadata.get("ISTIO_META_DNS_AUTO_ALLOCATE")));
        if (allocated) {
            return;
        }
        for (Field entry : mesh.all(MeshView.NETWORKING, "ServiceEntry")) {
            Field spec = entry.get("spec");
            if (!spec.get("addresses").items().isEmpty()) {
                continue;
            }
            for (Field port : spec.get("ports").items()) {
                String protocol = port.get("protocol").text("");
                if (protocol.isEmpty() || protocol.equalsIgnoreCase("TCP")) {
                    report.add(
                            IstioCode.SERVICE_ENTRY_ADDRESSES_REQUIRED,
                            port.get("protocol").isPresent() ? port.get("protocol") : port);
                }
            }
        }
    }

    private static boolean isTrue(Field field) {
        return field.loose().orElse("").equals("true");
    }
}
