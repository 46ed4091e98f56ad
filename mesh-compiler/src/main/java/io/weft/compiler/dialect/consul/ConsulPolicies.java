package io.weft.compiler.dialect.consul;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.Target;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.cluster.ConnectionLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Consul's answers. */
record ConsulPolicies(
        Intentions intentions, ServiceDefaults defaults, Resolvers resolvers, Chains chains)
        implements DialectPolicies {

    @Override
    public Dialect dialect() {
        return Dialect.CONSUL;
    }

    @Override
    public Optional<AuthzLayer> authorization(WorkloadView server, InboundView port) {
        return intentions.layer(server, port);
    }

    @Override
    public Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return chains.routes(destination, linker);
    }

    @Override
    public Map<String, Origin> routedHosts() {
        return chains.hosts();
    }

    @Override
    public List<Target> split(WorkloadView client, MeshService service, int port) {
        return chains.split(service.host(), port);
    }

    @Override
    public Optional<ClusterPlan> cluster(
            WorkloadView client, MeshService service, int port, String subset) {
        Resolvers.Resolver resolver = resolvers.get(service.host());
        Optional<ServiceDefaults.Upstream> upstream = defaults.upstream(client, service);
        if (resolver == null && upstream.isEmpty()) {
            return Optional.empty();
        }
        ConnectionLimits limits =
                upstream.map(ServiceDefaults.Upstream::limits).orElse(ServiceDefaults.LIMITS);
        if (resolver != null && resolver.connectTimeout() != null) {
            limits = ServiceDefaults.withConnectTimeout(limits, resolver.connectTimeout());
        }
        return Optional.of(
                new ClusterPlan(
                        resolver == null ? null : resolver.subset(subset),
                        resolver == null ? null : resolver.balancing(),
                        null,
                        limits,
                        upstream.map(ServiceDefaults.Upstream::outlier).orElse(null),
                        null,
                        resolver == null ? upstream.orElseThrow().origin() : resolver.origin()));
    }
}
