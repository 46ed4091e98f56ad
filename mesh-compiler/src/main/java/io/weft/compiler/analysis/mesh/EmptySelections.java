package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.Check;
import io.weft.compiler.analysis.view.Labels;
import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.analysis.view.Report;
import io.weft.compiler.analysis.view.Workload;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Policies that find nobody (WFT0505); for AuthorizationPolicies that is IST0127, for Sidecars and
 * Telemetries IST0101.
 */
final class EmptySelections implements Check {

    private static final List<String> KINDS =
            List.of("PeerAuthentication", "RequestAuthentication");

    @Override
    public void run(MeshView mesh, Report report) {
        for (String kind : KINDS) {
            for (Field root : mesh.all(MeshView.SECURITY, kind)) {
                Field selector = root.get("spec").get("selector").get("matchLabels");
                Map<String, String> labels = selector.texts();
                if (!labels.isEmpty()
                        && mesh.selected(root.resource().namespace(), labels).isEmpty()) {
                    report.warn(
                            Code.SELECTS_NOTHING,
                            selector,
                            Labels.text(labels) + ": no workload has these labels",
                            "correct the labels, or remove the policy");
                }
            }
        }
        for (Field root : mesh.all("policy.weft.io", "RequestPolicy")) {
            inOwnNamespace(mesh, report, root, root.get("spec").get("selector"));
        }
        for (Field root : mesh.all("policy.linkerd.io", "Server")) {
            inOwnNamespace(mesh, report, root, root.get("spec").get("podSelector"));
        }
        reportTrafficTargets(mesh, report);
        reportIntentions(mesh, report);
    }

    /** Only where something is known to run there, and all of the selector can be judged. */
    private static void inOwnNamespace(MeshView mesh, Report report, Field root, Field selector) {
        Field written = selector.get("matchLabels");
        Map<String, String> labels = written.texts();
        String namespace = root.resource().namespace();
        boolean known =
                namespace.equals(mesh.rootNamespace())
                        || mesh.workloads(w -> w.namespace().equals(namespace))
                                .findAny()
                                .isPresent();
        if (known
                && !labels.isEmpty()
                && !selector.get("matchExpressions").isPresent()
                && mesh.selected(namespace, labels).isEmpty()) {
            report.warn(
                    Code.SELECTS_NOTHING,
                    written,
                    Labels.text(labels) + ": no workload has these labels",
                    "correct the labels, or remove the policy");
        }
    }

    /** Consul names a service; it must be known where others of its namespace are. */
    private static void reportIntentions(MeshView mesh, Report report) {
        for (Field root : mesh.all("consul.hashicorp.com", "ServiceIntentions")) {
            Field destination = root.get("spec").get("destination");
            String name = destination.get("name").text("*");
            String namespace = destination.get("namespace").text(root.resource().namespace());
            List<String> services =
                    mesh.services().stream()
                            .map(Field::resource)
                            .filter(service -> service.namespace().equals(namespace))
                            .map(RawResource::name)
                            .toList();
            boolean runs =
                    services.contains(name)
                            || mesh.workloads(w -> w.namespace().equals(namespace))
                                    .anyMatch(w -> w.name().equals(name));
            if (!name.equals("*") && !services.isEmpty() && !runs) {
                report.warn(
                        Code.SELECTS_NOTHING,
                        destination.get("name"),
                        "'" + name + "': no service of namespace " + namespace + " has this name",
                        "correct the name, or remove the intentions");
            }
        }
    }

    /** SMI names a service account; a workload that runs as it must be known. */
    private static void reportTrafficTargets(MeshView mesh, Report report) {
        for (Field root : mesh.all("access.smi-spec.io", "TrafficTarget")) {
            Field destination =
                    root.get("spec").isPresent()
                            ? root.get("spec").get("destination")
                            : root.get("destination");
            String name = destination.get("name").text("");
            String namespace = destination.get("namespace").text(root.resource().namespace());
            List<Workload> here = mesh.workloads(w -> w.namespace().equals(namespace)).toList();
            boolean runs = here.stream().anyMatch(w -> name.equals(account(w)));
            if (!here.isEmpty() && here.stream().noneMatch(w -> account(w) == null) && !runs) {
                report.warn(
                        Code.SELECTS_NOTHING,
                        destination,
                        "service account " + namespace + "/" + name + ": no workload runs as it",
                        "correct the name, or set serviceAccountName in the pods");
            }
        }
    }

    /** Null where it is not known. */
    private static @Nullable String account(Workload workload) {
        Field spec = workload.spec();
        return spec == null ? null : spec.get("serviceAccountName").text("default");
    }
}
