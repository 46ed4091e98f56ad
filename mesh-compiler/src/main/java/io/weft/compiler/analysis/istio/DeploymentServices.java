package io.weft.compiler.analysis.istio;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.diagnostic.IstioCode;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Deployments that several Services use in ways that exclude each other (IST0116, IST0137). */
final class DeploymentServices implements Check {

    private record Use(String service, String port, String targetPort, String protocol) {}

    @Override
    public void run(MeshView mesh, Report report) {
        Set<String> meshed = new HashSet<>();
        for (Field namespace : mesh.all("", "Namespace")) {
            Map<String, String> labels = namespace.resource().labels();
            if ("enabled".equals(labels.get(Injector.INJECTION))
                    || labels.containsKey(Injector.REVISION)) {
                meshed.add(namespace.resource().name());
            }
        }
        for (Field deployment : mesh.all("apps", "Deployment")) {
            if (meshed.contains(deployment.resource().namespace())) {
                check(mesh, deployment, report);
            }
        }
    }

    private static void check(MeshView mesh, Field deployment, Report report) {
        Map<String, List<Use>> byPort = new TreeMap<>();
        Map<String, List<Use>> byTarget = new TreeMap<>();
        for (Use use : uses(mesh, deployment)) {
            byPort.computeIfAbsent(use.port(), p -> new ArrayList<>()).add(use);
            byTarget.computeIfAbsent(use.targetPort(), p -> new ArrayList<>()).add(use);
        }
        String name = deployment.resource().name();
        byPort.forEach((port, uses) -> {
            Set<String> protocols = new TreeSet<>();
            uses.forEach(use -> protocols.add(use.protocol()));
            if (protocols.size() > 1) {
                report.add(
                        IstioCode.DEPLOYMENT_ASSOCIATED_TO_MULTIPLE_SERVICES,
                        deployment,
                        name,
                        port,
                        uses.stream().map(Use::service).sorted().toList());
            }
        });
        byTarget.forEach((target, uses) -> {
            Set<String> ports = new TreeSet<>();
            uses.forEach(use -> ports.add(use.port()));
            Set<String> services = new TreeSet<>();
            uses.forEach(use -> services.add(use.service()));
            if (ports.size() > 1 && services.size() > 1) {
                report.add(
                        IstioCode.DEPLOYMENT_CONFLICTING_PORTS,
                        deployment,
                        name,
                        services,
                        target,
                        ports);
            }
        });
    }

    private static List<Use> uses(MeshView mesh, Field deployment) {
        String namespace = deployment.resource().namespace();
        Map<String, String> labels =
                deployment.get("spec").get("template").get("metadata").get("labels").texts();
        List<Use> uses = new ArrayList<>();
        for (Field service : mesh.services()) {
            Map<String, String> selector = service.get("spec").get("selector").texts();
            if (!service.resource().namespace().equals(namespace)
                    || selector.isEmpty()
                    || !Labels.match(selector, labels)) {
                continue;
            }
            for (Field port : service.get("spec").get("ports").items()) {
                String number = port.get("port").loose().orElse("");
                uses.add(
                        new Use(
                                service.resource().name(),
                                number,
                                port.get("targetPort").loose().orElse(number),
                                port.get("protocol").text("TCP")));
            }
        }
        return uses;
    }
}
