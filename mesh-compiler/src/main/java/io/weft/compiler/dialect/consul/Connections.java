package io.weft.compiler.dialect.consul;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.dialect.consul.UpstreamReader.Upstream;
import io.weft.compiler.dialect.consul.chain.ChainTarget;
import io.weft.compiler.dialect.consul.chain.ResolverSpec;
import io.weft.compiler.dialect.consul.chain.ServiceName;
import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How clients connect to services: what their own defaults and the services' resolvers say. */
record Connections(ServiceDefaults defaults, Entries entries, ChainSet chains) {

    private static final LocalityPolicy NEAREST_FIRST =
            new LocalityPolicy(true, List.of(), Map.of(), Map.of());

    Optional<ClusterPlan> plan(WorkloadView client, MeshService service, String subset) {
        ServiceName name = Names.service(service.host()).orElse(null);
        if (name == null) {
            return Optional.empty();
        }
        ResolverSpec resolver = entries.resolver(name);
        Upstream upstream = upstream(client, name);
        boolean nearestFirst = entries.nearestFirst(name);
        boolean region = !TargetNames.datacenter(subset).isEmpty();
        if (resolver == null && upstream == null && !nearestFirst && !region) {
            return Optional.empty();
        }
        ChainSet.Heirs heirs = chains.heirs(name, subset);
        OutlierDetection outlier = upstream == null ? null : upstream.outlier();
        Origin origin = origin(resolver, upstream, service);
        if (outlier == null && (heirs != null || nearestFirst)) {
            outlier = UpstreamReader.watchingForFailover(heirs == null ? origin : heirs.origin());
        }
        return Optional.of(
                new ClusterPlan(
                        selection(name, subset, heirs),
                        resolver == null ? null : BalancerReader.balancing(resolver.loadBalancer()),
                        nearestFirst ? NEAREST_FIRST : null,
                        limits(resolver, upstream),
                        outlier,
                        null,
                        null,
                        null,
                        heirs == null ? List.of() : targets(heirs),
                        origin));
    }

    private static Origin origin(
            @Nullable ResolverSpec resolver, @Nullable Upstream upstream, MeshService service) {
        if (resolver != null) {
            return resolver.origin();
        }
        return upstream != null ? upstream.origin() : service.origin();
    }

    private static ConnectionLimits limits(
            @Nullable ResolverSpec resolver, @Nullable Upstream upstream) {
        ConnectionLimits limits = upstream == null ? UpstreamReader.LIMITS : upstream.limits();
        return resolver == null || resolver.connectTimeout() == null
                ? limits
                : UpstreamReader.withConnectTimeout(limits, resolver.connectTimeout());
    }

    /** Instances of a datacenter that takes over do not count before. */
    private ClusterPlan.@Nullable Subset selection(
            ServiceName name, String subset, ChainSet.@Nullable Heirs heirs) {
        String plain = TargetNames.plain(subset);
        String datacenter = TargetNames.datacenter(subset);
        ClusterPlan.Subset own = plain.isEmpty() ? null : entries.subset(name, plain);
        if (!plain.isEmpty() && own == null) {
            return null;
        }
        if (!datacenter.isEmpty()) {
            return TargetNames.inRegion(own, datacenter);
        }
        List<String> others =
                heirs == null
                        ? List.of()
                        : heirs.targets().stream()
                                .map(ChainTarget::datacenter)
                                .filter(dc -> !dc.isEmpty() && !dc.equals(chains.datacenter()))
                                .distinct()
                                .toList();
        return others.isEmpty() ? own : TargetNames.outside(own, others);
    }

    private List<Target> targets(ChainSet.Heirs heirs) {
        return heirs.targets().stream()
                .map(target ->
                        new Target(
                                TargetNames.host(target),
                                0,
                                TargetNames.subset(target, chains.datacenter()),
                                1,
                                List.of(),
                                heirs.origin()))
                .toList();
    }

    /** How a client (named by its service account or workload) calls a service. */
    private @Nullable Upstream upstream(WorkloadView client, ServiceName service) {
        for (String name : List.of(client.serviceAccount(), client.name())) {
            ServiceDefaults.Entry entry = defaults.get(new ServiceName(name, client.namespace()));
            if (entry != null) {
                Upstream own = entry.byUpstream().get(service);
                return own != null ? own : entry.upstreams();
            }
        }
        return null;
    }
}
