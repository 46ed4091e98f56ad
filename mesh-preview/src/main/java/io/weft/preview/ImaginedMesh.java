package io.weft.preview;

import io.weft.compiler.CompiledPolicies;
import io.weft.compiler.ConfigProviders;
import io.weft.compiler.WorkloadConfigBuilder;
import io.weft.compiler.WorkloadIdentity;
import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.ResourceKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A configuration as if its workloads ran, each with a sidecar: those that it describes, and, for a
 * service or subset that selects none of them, one with just the labels that are needed, whose
 * service account is named as its label {@code app}. The same configuration gives the same answers.
 * For one thread.
 */
public final class ImaginedMesh implements Sides {

    private static final String ADDRESS = "127.0.0.1";

    private final CompiledPolicies policies;
    private final ServiceCatalog declared;
    private final Map<String, Registration> instances = new TreeMap<>();
    private final Map<ClientKey, Map<String, MeshResource>> clients = new HashMap<>();
    private final Map<WorkloadIdentity, Map<String, MeshResource>> servers = new HashMap<>();
    private WorkloadConfigBuilder builder;

    public ImaginedMesh(CompiledPolicies policies) {
        this.policies = policies;
        this.declared = policies.catalog();
        for (MeshService service : declared.services()) {
            instances(service, service.selector());
        }
        this.builder = builder();
    }

    private record ClientKey(WorkloadIdentity caller, String destination) {}

    /** The compiled configuration. */
    public CompiledPolicies policies() {
        return policies;
    }

    private WorkloadConfigBuilder builder() {
        return new WorkloadConfigBuilder(
                policies, declared.withRegistrations(instances.values()), ConfigProviders.NONE);
    }

    @Override
    public Map<String, MeshResource> client(Caller caller, String destination) {
        return clients.computeIfAbsent(
                new ClientKey(caller.workload(), destination),
                key -> build(caller.workload(), destination));
    }

    private Map<String, MeshResource> build(WorkloadIdentity caller, String destination) {
        return whole(caller, Set.of(destination));
    }

    /** Behind each subset that is named; whether somebody new was needed. */
    private boolean imagineSubsets(Map<String, MeshResource> client) {
        int before = instances.size();
        for (MeshResource resource : client.values()) {
            if (resource instanceof Cluster cluster && !cluster.subsetLabels().isEmpty()) {
                declared.byHost(cluster.host())
                        .ifPresent(service -> instances(service, labels(service, cluster)));
            }
        }
        boolean more = instances.size() > before;
        if (more) {
            builder = builder();
        }
        return more;
    }

    /** Those whom the labels select; one is made up where there are none. */
    private Collection<Registration> instances(MeshService service, Map<String, String> labels) {
        if (service.external() || service.selector().isEmpty()) {
            return List.of();
        }
        List<Registration> found = new ArrayList<>();
        for (DeclaredWorkload each : policies.workloads()) {
            if (each.workload().namespace().equals(service.namespace())
                    && each.labels().entrySet().containsAll(labels.entrySet())) {
                String account = each.serviceAccount();
                found.add(
                        instance(
                                each.workload(),
                                account.isEmpty() ? each.workload().name() : account,
                                each.labels(),
                                service));
            }
        }
        if (found.isEmpty()) {
            WorkloadId id = new WorkloadId(service.namespace(), service.name());
            String account = labels.getOrDefault("app", service.name());
            found.add(instance(id, account, labels, service));
        }
        return found;
    }

    /** An instance has the ports of every service that stands before it. */
    private Registration instance(
            WorkloadId id, String account, Map<String, String> labels, MeshService service) {
        String name = id + " " + new TreeMap<>(labels);
        Registration known = instances.get(name);
        Map<Integer, RegisteredPort> ports = new TreeMap<>();
        if (known != null) {
            known.ports().forEach(port -> ports.put(port.port(), port));
        }
        service.ports().stream()
                .map(ImaginedMesh::port)
                .forEach(port -> ports.putIfAbsent(port.port(), port));
        Registration made =
                new Registration(
                        name,
                        id,
                        account,
                        labels,
                        Locality.UNKNOWN,
                        "",
                        ADDRESS,
                        List.copyOf(ports.values()),
                        List.of(),
                        false,
                        true,
                        true);
        instances.put(name, made);
        return made;
    }

    private static Map<String, String> labels(MeshService service, Cluster cluster) {
        Map<String, String> labels = new TreeMap<>(service.selector());
        labels.putAll(cluster.subsetLabels());
        return labels;
    }

    @Override
    public Callee behind(Map<String, MeshResource> client, String name) {
        return client.get(ResourceKeys.cluster(name)) instanceof Cluster cluster
                ? declared.byHost(cluster.host())
                        .map(service -> callee(service, labels(service, cluster), cluster.port()))
                        .orElse(Callee.UNKNOWN)
                : Callee.UNKNOWN;
    }

    /** Who stands behind a service, as a client in a namespace names it. */
    public Callee at(String host, int port, String namespace) {
        return declared.resolve(host, namespace)
                .map(service -> callee(service, service.selector(), port))
                .orElse(Callee.UNKNOWN);
    }

    private Callee callee(MeshService service, Map<String, String> labels, int port) {
        Optional<Registration> found = instances(service, labels).stream().findFirst();
        if (found.isEmpty()) {
            return Callee.UNKNOWN;
        }
        WorkloadIdentity workload = WorkloadIdentity.of(found.get());
        Map<String, MeshResource> resources =
                servers.computeIfAbsent(workload, each -> builder.build(each, Set.of()));
        return new Callee(
                workload.id().toString(),
                resources,
                service.port(port).map(ImaginedMesh::target).orElse(port));
    }

    /** Everything that a workload has once it has asked for these destinations. */
    public Map<String, MeshResource> whole(WorkloadIdentity workload, Set<String> destinations) {
        Set<String> routes = workload.gateway() ? Set.of() : destinations;
        Map<String, MeshResource> first = builder.build(workload, routes);
        return imagineSubsets(first) ? builder.build(workload, routes) : first;
    }

    /** Whether an endpoint is one of those that are made up here. */
    public static boolean isImagined(Endpoint endpoint) {
        return endpoint.address().equals(ADDRESS) && endpoint.id().endsWith("}");
    }

    /** The workloads of the mesh, each once. */
    public List<WorkloadIdentity> workloads() {
        return instances.values().stream().map(WorkloadIdentity::of).distinct().toList();
    }

    private static RegisteredPort port(DeclaredPort port) {
        int target = target(port);
        return new RegisteredPort(port.name(), target, port.protocol(), target);
    }

    private static int target(DeclaredPort port) {
        return port.targetPort() > 0 ? port.targetPort() : port.port();
    }
}
