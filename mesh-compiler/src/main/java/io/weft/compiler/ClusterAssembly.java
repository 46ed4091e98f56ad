package io.weft.compiler;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.Resolution;
import io.weft.model.cluster.UpstreamTls;
import io.weft.model.resource.Cluster;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Collects the clusters and endpoint sets that a client's routes lead to. For one thread. */
final class ClusterAssembly {

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private final WorkloadView client;
    private final ServiceEndpoints endpoints;
    private final Map<String, Cluster> clusters = new TreeMap<>();
    private final Map<String, EndpointSet> endpointSets = new TreeMap<>();

    ClusterAssembly(
            CompiledPolicies policies,
            ServiceCatalog catalog,
            WorkloadView client,
            ServiceEndpoints endpoints) {
        this.policies = policies;
        this.catalog = catalog;
        this.client = client;
        this.endpoints = endpoints;
    }

    /** What was collected so far. */
    Collection<MeshResource> resources() {
        List<MeshResource> all = new ArrayList<>(clusters.values());
        all.addAll(endpointSets.values());
        return all;
    }

    /** Certificates that connections to the clusters need. */
    Set<String> credentials() {
        Set<String> names = new TreeSet<>();
        for (Cluster cluster : clusters.values()) {
            if (cluster.tls() instanceof UpstreamTls.Origination tls) {
                if (tls.caCertificates() != null) {
                    names.add(tls.caCertificates());
                }
                if (tls.clientCertificate() != null) {
                    names.add(tls.clientCertificate());
                }
            }
        }
        return names;
    }

    /** Takes along a cluster by its name, {@code host:port}. */
    void require(String cluster) {
        int colon = cluster.lastIndexOf(':');
        plain(0).cluster(
                        new Target(
                                cluster.substring(0, colon),
                                Integer.parseInt(cluster.substring(colon + 1)),
                                "",
                                1,
                                List.of(),
                                Origin.builtIn("external authoriser")));
    }

    /** Links for a dialect, while the client calls the given port (0 where there is none). */
    ClusterLinker linker(DialectPolicies dialect, int calledPort) {
        return new DestinationLinker(policies, catalog, client, this, dialect, calledPort);
    }

    /** Links for default routes: no dialect divides them. */
    ClusterLinker plain(int calledPort) {
        return new DestinationLinker(policies, catalog, client, this, null, calledPort);
    }

    /** Takes along the cluster of a service port; empty when nothing defines the subset. */
    Optional<String> add(
            MeshService service,
            DeclaredPort port,
            String subset,
            @Nullable DialectPolicies preferred) {
        String set = service.host() + ":" + port.port();
        String name = subset.isEmpty() ? set : set + "/" + subset;
        if (clusters.containsKey(name)) {
            return Optional.of(name);
        }
        List<ClusterPlan> plans = plans(service, port.port(), subset, preferred);
        ClusterPlan plan = plans.stream().reduce(ClusterPlan::or).orElse(null);
        ClusterPlan.Subset selection = plan == null ? null : plan.subset();
        if (!subset.isEmpty() && selection == null) {
            return Optional.empty();
        }
        List<String> heirs = plan == null ? List.of() : heirs(plan, port.port(), preferred);
        Map<String, String> labels = selection == null ? Map.of() : selection.labels();
        List<Endpoint> chosen = endpoints.of(service, port);
        if (selection != null && !heirs.isEmpty()) {
            // The cluster's labels would hold for those that take over as well.
            set = name + OWN;
            labels = Map.of();
            chosen = ServiceEndpoints.selected(chosen, selection, true);
        } else if (selection != null && selection.filter() != null) {
            set = name;
            chosen = ServiceEndpoints.selected(chosen, selection, false);
        }
        endpointSets.putIfAbsent(set, new EndpointSet(set, service.resolution(), chosen));
        List<String> sets = new ArrayList<>(List.of(set));
        sets.addAll(heirs);
        clusters.put(
                name,
                cared(cluster(name, service, port, subset, labels, sets, plan), service, plan));
        return Optional.of(name);
    }

    /** The cluster with what is done for its endpoints and said to them first. */
    private Cluster cared(Cluster made, MeshService service, @Nullable ClusterPlan plan) {
        EndpointCare care =
                policies.dialects().stream()
                        .map(dialect -> dialect.endpointCare(service, made.port()))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(null);
        if (plan != null && plan.slowStart() != null) {
            care =
                    care == null
                            ? new EndpointCare(null, plan.slowStart(), plan.origin())
                            : care.orSlowStart(plan.slowStart());
        }
        Cluster cluster = care == null ? made : made.with(care);
        return plan == null || plan.proxyProtocol() == null
                ? cluster
                : cluster.with(plan.proxyProtocol());
    }

    /** Marks the set of a subset's own endpoints where a set holds more than one subset can be. */
    private static final String OWN = "#own";

    /** The endpoint sets of those that take over, in order. */
    private List<String> heirs(
            ClusterPlan plan, int calledPort, @Nullable DialectPolicies preferred) {
        List<String> sets = new ArrayList<>();
        for (Target target : plan.failover()) {
            MeshService service =
                    catalog.byHost(target.host())
                            .or(() -> catalog.resolve(target.host(), client.namespace()))
                            .orElse(null);
            DeclaredPort port = service == null ? null : heirPort(service, calledPort);
            if (service != null && port != null) {
                heir(service, port, target.subset(), preferred).ifPresent(sets::add);
            }
        }
        return sets;
    }

    /** The port of the same number, else the only one. */
    private static @Nullable DeclaredPort heirPort(MeshService service, int calledPort) {
        return service.port(calledPort)
                .orElse(service.ports().size() == 1 ? service.ports().getFirst() : null);
    }

    private Optional<String> heir(
            MeshService service,
            DeclaredPort port,
            String subset,
            @Nullable DialectPolicies preferred) {
        String set = service.host() + ":" + port.port();
        List<Endpoint> chosen = endpoints.of(service, port);
        if (!subset.isEmpty()) {
            ClusterPlan.Subset selection =
                    plans(service, port.port(), subset, preferred).stream()
                            .map(ClusterPlan::subset)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null);
            if (selection == null) {
                return Optional.empty();
            }
            set = set + "/" + subset + OWN;
            chosen = ServiceEndpoints.selected(chosen, selection, true);
        }
        endpointSets.putIfAbsent(set, new EndpointSet(set, service.resolution(), chosen));
        return Optional.of(set);
    }

    private Cluster cluster(
            String name,
            MeshService service,
            DeclaredPort port,
            String subset,
            Map<String, String> subsetLabels,
            List<String> sets,
            @Nullable ClusterPlan plan) {
        return new Cluster(
                name,
                service.host(),
                port.port(),
                subset,
                policies.protocol(service, port.protocol()),
                subsetLabels,
                sets,
                plan == null || plan.balancing() == null
                        ? new LoadBalancing.LeastRequest()
                        : plan.balancing(),
                plan == null || plan.locality() == null ? LocalityPolicy.OFF : plan.locality(),
                plan == null || plan.limits() == null ? ConnectionLimits.DEFAULT : plan.limits(),
                plan == null ? null : plan.outlier(),
                plan == null || plan.tls() == null ? automatic(service) : plan.tls(),
                plan == null ? service.origin() : plan.origin());
    }

    /** Takes along a cluster of a single workload, by its address; returns its name. */
    String addInstance(String name, OutboundView view, Endpoint endpoint) {
        endpointSets.put(name, new EndpointSet(name, Resolution.STATIC, List.of(endpoint)));
        clusters.put(
                name,
                new Cluster(
                        name,
                        view.host(),
                        view.port(),
                        "",
                        view.protocol(),
                        Map.of(),
                        List.of(name),
                        new LoadBalancing.LeastRequest(),
                        LocalityPolicy.OFF,
                        ConnectionLimits.DEFAULT,
                        null,
                        new UpstreamTls.Automatic(),
                        Origin.builtIn("a workload by its own address")));
        return name;
    }

    private static UpstreamTls automatic(MeshService service) {
        return service.external() ? new UpstreamTls.Disabled() : new UpstreamTls.Automatic();
    }

    /** The plan of the dialect that routes comes first, then the others in their order. */
    private List<ClusterPlan> plans(
            MeshService service, int port, String subset, @Nullable DialectPolicies preferred) {
        List<ClusterPlan> plans = new ArrayList<>();
        if (preferred != null) {
            preferred.cluster(client, service, port, subset).ifPresent(plans::add);
        }
        for (DialectPolicies dialect : policies.dialects()) {
            if (dialect != preferred) {
                dialect.cluster(client, service, port, subset).ifPresent(plans::add);
            }
        }
        return plans;
    }
}
