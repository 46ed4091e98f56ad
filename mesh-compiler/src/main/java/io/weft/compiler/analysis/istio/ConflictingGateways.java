package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Hosts;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gateways that claim the same hosts on the same port of the same workloads (IST0145). */
final class ConflictingGateways implements Check {

    @Override
    public void run(MeshView mesh, Report report) {
        List<Field> gateways = mesh.all(MeshView.NETWORKING, "Gateway");
        for (Field gateway : gateways) {
            for (Field server : gateway.get("spec").get("servers").items()) {
                Set<String> others = new TreeSet<>();
                for (Field other : gateways) {
                    if (other != gateway && sameWorkloads(gateway, other)) {
                        other.get("spec").get("servers").items().stream()
                                .filter(s -> conflict(server, s))
                                .forEach(s -> others.add(nameOf(other)));
                    }
                }
                if (!others.isEmpty()) {
                    report.add(
                            IstioCode.CONFLICTING_GATEWAYS,
                            server,
                            String.join(",", others),
                            Labels.text(gateway.get("spec").get("selector").texts()),
                            port(server),
                            server.get("hosts").textItems());
                }
            }
        }
    }

    private static String nameOf(Field gateway) {
        RawResource resource = gateway.resource();
        return resource.namespace().isEmpty()
                ? resource.name()
                : resource.namespace() + "/" + resource.name();
    }

    private static boolean sameWorkloads(Field one, Field other) {
        return one.get("spec")
                .get("selector")
                .texts()
                .equals(other.get("spec").get("selector").texts());
    }

    private static boolean conflict(Field one, Field other) {
        return !port(one).isEmpty()
                && port(one).equals(port(other))
                && one.get("bind").text("").equals(other.get("bind").text(""))
                && one.get("hosts").textItems().stream()
                        .anyMatch(a ->
                                other.get("hosts").textItems().stream()
                                        .anyMatch(b -> overlap(a, b)));
    }

    private static boolean overlap(String one, String other) {
        return Hosts.overlap(hostPart(one), hostPart(other))
                && (namespacePart(one).equals("*")
                        || namespacePart(other).equals("*")
                        || namespacePart(one).equals(namespacePart(other)));
    }

    private static String hostPart(String host) {
        return host.substring(host.indexOf('/') + 1);
    }

    private static String namespacePart(String host) {
        return host.contains("/") ? host.substring(0, host.indexOf('/')) : "*";
    }

    private static String port(Field server) {
        return server.get("port").get("number").loose().orElse("");
    }
}
