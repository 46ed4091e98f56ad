package io.weft.compiler.dialect.kubernetes;

import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.PolicyDialect;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.model.Dialect;
import io.weft.model.WorkloadId;
import io.weft.model.resource.Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Kubernetes' own kinds: Services and TLS Secrets are taken over, workloads are checked, and every
 * kind that has no meaning here, of whatever group, is named as such. It claims everything, so it
 * must be asked last.
 */
public final class KubernetesDialect implements PolicyDialect {

    @Override
    public Dialect id() {
        return Dialect.KUBERNETES;
    }

    @Override
    public boolean claims(RawResource resource) {
        return true;
    }

    @Override
    public DialectPolicies compile(List<RawResource> resources, CompileContext context) {
        List<MeshService> services = new ArrayList<>();
        Map<String, Certificate> certificates = new TreeMap<>();
        Map<String, Map<String, String>> namespaces = new LinkedHashMap<>();
        EndpointSlices slices = new EndpointSlices();
        List<DeclaredWorkload> workloads = new ArrayList<>();
        for (RawResource resource : resources) {
            if (resource.group().isEmpty() && resource.kind().equals("Service")) {
                context.read(resource, Dialect.KUBERNETES, "", KubernetesDialect::service)
                        .ifPresent(services::add);
                continue;
            }
            Field root = context.open(resource, Dialect.KUBERNETES);
            switch (resource.group() + "/" + resource.kind()) {
                case "discovery.k8s.io/EndpointSlice" -> slices.add(root);
                case "/Namespace" ->
                        namespaces.merge(
                                resource.name(), resource.labels(), KubernetesDialect::united);
                case "/Secret" ->
                        SecretReader.read(root)
                                .ifPresent(found -> certificates.put(found.name(), found));
                case "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet" -> {
                    checkSelector(root);
                    ConsulAnnotations.read(
                            root.get("spec").get("template").get("metadata").get("annotations"));
                    workloads.add(workload(root));
                }
                case "/Pod", "batch/Job", "batch/CronJob", "/ServiceAccount" ->
                        // Workloads register themselves; what is deployed decides nothing here.
                        root.accept();
                default -> ForeignKinds.report(root);
            }
        }
        services.replaceAll(slices::join);
        slices.reportRest();
        Inventory inventory = new Inventory(services, certificates, Map.of(), Set.of(), namespaces);
        return new KubernetesPolicies(inventory, workloads);
    }

    private static Optional<MeshService> service(Field root) {
        Optional<MeshService> service = ServiceReader.read(root);
        service.ifPresent(found -> root.reportUnknown(Level.WARNING));
        return service;
    }

    private record KubernetesPolicies(Inventory inventory, List<DeclaredWorkload> workloads)
            implements DialectPolicies {
        @Override
        public Dialect dialect() {
            return Dialect.KUBERNETES;
        }
    }

    private static Map<String, String> united(Map<String, String> one, Map<String, String> other) {
        Map<String, String> all = new TreeMap<>(one);
        all.putAll(other);
        return all;
    }

    private static DeclaredWorkload workload(Field root) {
        Field template = root.get("spec").get("template");
        return new DeclaredWorkload(
                new WorkloadId(root.resource().namespace(), root.resource().name()),
                template.get("spec").get("serviceAccountName").loose().orElse(""),
                loose(template.get("metadata").get("labels")),
                root.origin());
    }

    private static void checkSelector(Field root) {
        Map<String, String> wanted = loose(root.get("spec").get("selector").get("matchLabels"));
        Map<String, String> labels =
                loose(root.get("spec").get("template").get("metadata").get("labels"));
        if (!labels.entrySet().containsAll(wanted.entrySet())) {
            root.get("spec")
                    .get("selector")
                    .warn(
                            Code.CONTRADICTION,
                            wanted + " does not select its own template " + labels,
                            "give the template the labels of the selector");
        }
    }

    private static Map<String, String> loose(Field labels) {
        Map<String, String> found = new TreeMap<>();
        labels.entries().forEach((name, value) -> found.put(name, value.loose().orElse("")));
        return found;
    }
}
