package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.List;
import java.util.Set;

/** DENY rules that only ask what HTTP knows: on a TCP port they deny everything (IST0133). */
final class HttpOnlyDenials implements Check {

    /** What a connection has, too. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of(
                    "principals",
                    "notPrincipals",
                    "namespaces",
                    "notNamespaces",
                    "serviceAccounts",
                    "notServiceAccounts",
                    "ipBlocks",
                    "notIpBlocks",
                    "remoteIpBlocks",
                    "notRemoteIpBlocks");

    private static final String MESSAGE =
            "configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due"
                    + " to the use of only HTTP attributes in a DENY rule; it is recommended to"
                    + " explicitly specify the port";

    @Override
    public void run(MeshView mesh, Report report) {
        for (Field policy : mesh.all(MeshView.SECURITY, "AuthorizationPolicy")) {
            if (policy.get("spec").get("action").text("").equals("DENY")) {
                policy.get("spec").get("rules").items().forEach(rule -> check(rule, report));
            }
        }
    }

    private static void check(Field rule, Report report) {
        List<Field> from = rule.get("from").items();
        List<Field> to = rule.get("to").items();
        boolean anySource =
                from.stream()
                        .anyMatch(
                                item -> OF_CONNECTIONS.stream().anyMatch(item.get("source")::has));
        boolean anyPort =
                to.stream()
                        .map(item -> item.get("operation"))
                        .anyMatch(o -> o.has("ports") || o.has("notPorts"));
        if (!from.isEmpty() && to.isEmpty() && !anySource || !to.isEmpty() && !anyPort) {
            report.add(IstioCode.SCHEMA_WARNING, rule, MESSAGE);
        }
    }
}
