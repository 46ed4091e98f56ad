package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clients that are told another kind of TLS than the server accepts (WFT0506). */
final class TlsConflicts implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field rule : mesh.all(MeshView.NETWORKING, "DestinationRule")) {
            Field policy = rule.get("spec").get("trafficPolicy");
            String host =
                    mesh.qualify(
                            rule.get("spec").get("host").text(""), rule.resource().namespace());
            for (Field service : mesh.servicesAt(host)) {
                check(mesh, policy.get("tls"), service, report);
                for (Field level : policy.get("portLevelSettings").items()) {
                    check(mesh, level.get("tls"), service, report);
                }
            }
        }
    }

    private static void check(MeshView mesh, Field tls, Field service, Report report) {
        String client = tls.get("mode").text("");
        Field server = client.isEmpty() ? null : serverMode(mesh, service);
        if (server == null) {
            return;
        }
        boolean strict = server.text("").equals("STRICT") && !client.equals("ISTIO_MUTUAL");
        boolean plain = server.text("").equals("DISABLE") && client.equals("ISTIO_MUTUAL");
        if (strict || plain) {
            RawResource resource = server.resource();
            report.warn(
                    Code.MTLS_CONFLICT,
                    tls,
                    "mode "
                            + client
                            + ", but "
                            + mesh.hostOf(service)
                            + " has mTLS mode "
                            + server.text("")
                            + " by PeerAuthentication "
                            + resource.namespace()
                            + "/"
                            + resource.name()
                            + " ("
                            + resource.file()
                            + ":"
                            + server.location().line()
                            + "): its connections are refused",
                    strict ? "remove tls, or use ISTIO_MUTUAL" : "use DISABLE, or remove tls");
        }
    }

    /** The mode that holds for a service's workloads as a whole: the narrowest scope that says. */
    private static @Nullable Field serverMode(MeshView mesh, Field service) {
        String namespace = service.resource().namespace();
        Map<String, String> labels = service.get("spec").get("selector").texts();
        Field best = null;
        int bestRank = 0;
        for (Field root : mesh.all(MeshView.SECURITY, "PeerAuthentication")) {
            Map<String, String> selector =
                    root.get("spec").get("selector").get("matchLabels").texts();
            boolean here = root.resource().namespace().equals(namespace);
            boolean everywhere =
                    root.resource().namespace().equals(mesh.rootNamespace()) && selector.isEmpty();
            Field mode = root.get("spec").get("mtls").get("mode");
            int rank = here ? (selector.isEmpty() ? 2 : 3) : 1;
            boolean holds = here && Labels.match(selector, labels) || everywhere;
            if (holds && mode.isPresent() && !mode.text("").equals("UNSET") && rank > bestRank) {
                best = mode;
                bestRank = rank;
            }
        }
        return best;
    }
}
