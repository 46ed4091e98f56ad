package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;

/** TLS to servers that could be anybody (IST0128, IST0129). */
final class ServerCertificates implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            Field spec = rule.get("spec");
            boolean byWorkload = spec.get("workloadSelector").isPresent();
            RawResource resource = rule.resource();
            String host = spec.get("host").text("");
            Field tls = spec.get("trafficPolicy").get("tls");
            if (isBlind(tls, byWorkload)) {
                report.add(
                        IstioCode.NO_SERVER_CERTIFICATE_VERIFICATION_DESTINATION_LEVEL,
                        tls,
                        resource.name(),
                        resource.namespace(),
                        tls.get("mode").text(""),
                        host);
            }
            for (Field level : spec.get("trafficPolicy").get("portLevelSettings").items()) {
                Field portTls = level.get("tls");
                if (isBlind(portTls, byWorkload)) {
                    report.add(
                            IstioCode.NO_SERVER_CERTIFICATE_VERIFICATION_PORT_LEVEL,
                            portTls,
                            resource.name(),
                            resource.namespace(),
                            portTls.get("mode").text(""),
                            host,
                            level.get("port").get("number").loose().orElse(""));
                }
            }
        }
    }

    /** A credential is only looked up for the workloads that a rule selects. */
    private static boolean isBlind(Field tls, boolean byWorkload) {
        String mode = tls.get("mode").text("");
        boolean credential = byWorkload && !tls.get("credentialName").text("").isEmpty();
        return (mode.equals("SIMPLE") || mode.equals("MUTUAL"))
                && tls.get("caCertificates").text("").isEmpty()
                && !tls.get("insecureSkipVerify").bool(false)
                && !credential;
    }
}
