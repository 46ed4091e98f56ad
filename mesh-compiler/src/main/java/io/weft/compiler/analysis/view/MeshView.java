package io.weft.compiler.analysis.view;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.yaml.Field;
import io.weft.compiler.yaml.RawResource;
import io.weft.compiler.yaml.ResourceParser;
import io.weft.model.Dialect;
import io.weft.model.ServiceId;
import io.weft.model.catalog.Registration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as its checks see it: resources by group and kind, and the workloads of them.
 * Reading a field here reports nothing; what is wrong with single fields is the compiler's to say.
 * For one thread.
 */
public final class MeshView {

    public static final String NETWORKING = "networking.istio.io";
    public static final String SECURITY = "security.istio.io";
    public static final String TELEMETRY = "telemetry.istio.io";
    public static final String GATEWAY_API = "gateway.networking.k8s.io";

    /** What lives in them is not the mesh's. */
    private static final Set<String> IGNORED =
            Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

    private static final Set<String> TEMPLATES =
            Set.of("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job");

    private final Map<String, List<Field>> byKind = new HashMap<>();
    private final List<Workload> workloads = new ArrayList<>();
    private final Map<String, List<Field>> servicesByHost = new HashMap<>();
    private final Map<String, List<Workload>> workloadsByNamespace = new HashMap<>();
    private final Map<String, Optional<Set<String>>> portsByHost = new HashMap<>();
    private final List<MeshService> callable;
    private final List<Field> meshConfigs = new ArrayList<>();
    private final List<Field> meshNetworks = new ArrayList<>();
    private final Set<String> namespaces = new HashSet<>();
    private final ResourceParser embedded = new ResourceParser(new Diagnostics());
    private final ServiceCatalog catalog;
    private final String rootNamespace;
    private final Predicate<String> credentials;

    /**
     * A view of everything.
     *
     * @param catalog the services, declared and registered, with what runs behind them
     * @param credentials whether there is one of this {@code namespace/name} beside the resources
     */
    public MeshView(
            List<RawResource> resources,
            ServiceCatalog catalog,
            String rootNamespace,
            Predicate<String> credentials) {
        this.catalog = catalog;
        this.callable = catalog.services();
        this.credentials = credentials;
        this.rootNamespace = rootNamespace;
        namespaces.add(rootNamespace);
        for (RawResource resource : resources) {
            if (!IGNORED.contains(resource.namespace())) {
                add(Field.open(resource, Dialect.WEFT, new Diagnostics()));
            }
        }
        for (Registration one : catalog.registrations()) {
            namespaces.add(one.workload().namespace());
            workloads.add(
                    new Workload(
                            "Workload",
                            one.workload().namespace(),
                            one.instance(),
                            one.labels(),
                            Map.of(),
                            null,
                            null));
        }
        for (Field service : services()) {
            servicesByHost
                    .computeIfAbsent(
                            hostOf(service).toLowerCase(Locale.ROOT), host -> new ArrayList<>())
                    .add(service);
        }
        for (Workload workload : workloads) {
            workloadsByNamespace
                    .computeIfAbsent(workload.namespace(), ns -> new ArrayList<>())
                    .add(workload);
        }
    }

    private void add(Field root) {
        RawResource resource = root.resource();
        byKind.computeIfAbsent(resource.group() + "/" + resource.kind(), k -> new ArrayList<>())
                .add(root);
        namespaces.add(
                resource.kind().equals("Namespace") ? resource.name() : resource.namespace());
        if (resource.kind().equals("Pod")) {
            addWorkload(root, root);
        } else if (TEMPLATES.contains(resource.kind())) {
            addWorkload(root, root.get("spec").get("template"));
        } else if (resource.kind().equals("WorkloadGroup")) {
            addGroup(root);
        } else if (resource.kind().equals("IstioOperator")) {
            root.get("spec").get("meshConfig").ifPresent(meshConfigs::add);
        } else if (resource.kind().equals("ConfigMap") && resource.name().equals("istio")) {
            embed(root.get("data").get("mesh"), meshConfigs);
            embed(root.get("data").get("meshNetworks"), meshNetworks);
        }
    }

    /** The workloads outside Kubernetes that will register as one of a group. */
    private void addGroup(Field root) {
        Field spec = root.get("spec");
        Map<String, String> labels = new HashMap<>(spec.get("metadata").get("labels").texts());
        labels.putAll(spec.get("template").get("labels").texts());
        workloads.add(
                new Workload(
                        "WorkloadGroup",
                        root.resource().namespace(),
                        root.resource().name(),
                        labels,
                        spec.get("metadata").get("annotations").texts(),
                        null,
                        null));
    }

    private void embed(Field text, List<Field> into) {
        Field document = parse(text);
        if (document.isPresent()) {
            into.add(document);
        }
    }

    private void addWorkload(Field root, Field template) {
        Field metadata = template.get("metadata");
        workloads.add(
                new Workload(
                        root.resource().kind(),
                        root.resource().namespace(),
                        root.resource().name(),
                        metadata.get("labels").texts(),
                        metadata.get("annotations").texts(),
                        root,
                        template.get("spec")));
    }

    /** A document that stands in a field as a text; absent when it cannot be read. */
    public Field parse(Field text) {
        Field document = text.isPresent() ? embedded.embedded(text) : null;
        return document == null ? text.get("(nothing)") : document;
    }

    /** All resources of a kind, oldest first. */
    public List<Field> all(String group, String kind) {
        return byKind.getOrDefault(group + "/" + kind, List.of());
    }

    /** All resources. */
    public Stream<Field> everything() {
        return byKind.values().stream().flatMap(List::stream);
    }

    /** Whether a credential is known that stands in no resource, by {@code namespace/name}. */
    public boolean hasCredential(String name) {
        return credentials.test(name);
    }

    public List<Field> services() {
        return all("", "Service");
    }

    /** Services whose host a name covers, which may begin with a wildcard. */
    public List<Field> servicesAt(String host) {
        return host.startsWith("*")
                ? services().stream().filter(each -> Hosts.covers(host, hostOf(each))).toList()
                : servicesByHost.getOrDefault(host.toLowerCase(Locale.ROOT), List.of());
    }

    /** Those of a namespace, see {@link #workloads()}. */
    public List<Workload> workloadsIn(String namespace) {
        return workloadsByNamespace.getOrDefault(namespace, List.of());
    }

    /** Pods, templates of pods and running instances. */
    public List<Workload> workloads() {
        return workloads;
    }

    public Stream<Workload> workloads(Predicate<Workload> wanted) {
        return workloads.stream().filter(wanted);
    }

    /**
     * Workloads that a policy selects; those of the root namespace reach everywhere.
     *
     * @param namespace of the policy
     * @param labels all that are asked for
     */
    public List<Workload> selected(String namespace, Map<String, String> labels) {
        return (namespace.equals(rootNamespace) ? workloads : workloadsIn(namespace))
                .stream().filter(w -> w.has(labels)).toList();
    }

    /** Whether a namespace is declared, or something lives in it. */
    public Set<String> namespaces() {
        return namespaces;
    }

    /** Mesh configurations, where there are any. */
    public List<Field> meshConfigs() {
        return meshConfigs;
    }

    public List<Field> meshNetworks() {
        return meshNetworks;
    }

    public String rootNamespace() {
        return rootNamespace;
    }

    /** The host as the namespace's resources mean it. */
    public String qualify(String host, String namespace) {
        return Hosts.qualify(host, namespace);
    }

    /** The host of a Service. */
    public String hostOf(Field service) {
        return service.resource().name()
                + "."
                + service.resource().namespace()
                + "."
                + ServiceId.DOMAIN_SUFFIX;
    }

    /** The ports of a fully qualified host; null when nothing declares it. */
    public @Nullable Set<String> ports(String host) {
        return portsByHost.computeIfAbsent(host, this::findPorts).orElse(null);
    }

    private Optional<Set<String>> findPorts(String host) {
        Set<String> ports = null;
        for (MeshService service : callable) {
            if (Hosts.covers(service.host(), host)) {
                ports = ports == null ? new TreeSet<>() : ports;
                for (DeclaredPort port : service.ports()) {
                    ports.add(Integer.toString(port.port()));
                }
            }
        }
        return Optional.ofNullable(ports);
    }
}
