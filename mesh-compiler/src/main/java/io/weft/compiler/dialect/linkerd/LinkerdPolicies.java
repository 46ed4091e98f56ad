package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.route.Filter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Linkerd's answers. */
record LinkerdPolicies(
        Profiles profiles,
        ServiceRoutes serviceRoutes,
        Annotated annotated,
        InboundLayers inbound,
        RateLimits limits,
        EgressNetworks egress)
        implements DialectPolicies {

    private static final LoadBalancing BALANCING =
            new LoadBalancing.PeakEwma(Duration.ofMillis(30), Duration.ofSeconds(10));

    @Override
    public Dialect dialect() {
        return Dialect.LINKERD;
    }

    @Override
    public Inventory inventory() {
        return new Inventory(profiles.externalHosts(), Map.of(), Map.of(), Set.of(), Map.of());
    }

    @Override
    public Optional<AuthzLayer> authorization(WorkloadView server, InboundView port) {
        return inbound.layer(server, port);
    }

    @Override
    public List<Filter> workloadFilters(WorkloadView workload, int port, String portName) {
        return limits.filters(workload, port, portName);
    }

    @Override
    public Optional<OutboundPolicy> outboundPolicy(WorkloadView workload) {
        return egress.of(workload);
    }

    @Override
    public List<OutboundNetwork> outboundNetworks(WorkloadView workload) {
        return egress.networks(workload);
    }

    /** A profile replaces routes and annotations; routes take the annotations along. */
    @Override
    public Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return profiles.routes(destination, linker)
                .or(() -> serviceRoutes.routes(destination, linker))
                .or(() -> annotated.routes(destination, linker));
    }

    @Override
    public Map<String, Origin> routedHosts() {
        Map<String, Origin> hosts = new LinkedHashMap<>(profiles.hosts());
        serviceRoutes.hosts().forEach(hosts::putIfAbsent);
        return hosts;
    }

    @Override
    public Optional<ClusterPlan> cluster(
            WorkloadView client, MeshService service, int port, String subset) {
        if (!subset.isEmpty()) {
            return Optional.empty();
        }
        Optional<ProfileSpec> profile =
                profiles.find(client.namespace(), service.host(), service.namespace());
        if (profile.isPresent()) {
            return Optional.of(plan(null, profile.get().origin()));
        }
        Optional<FailureAccrual> breaker = annotated.breaker(service.host());
        if (breaker.isPresent()) {
            return Optional.of(plan(breaker.get(), breaker.get().origin()));
        }
        Optional<Origin> annotation =
                annotated.requests(service.host()).map(ServiceAnnotations::origin);
        boolean led =
                profiles.destinations().contains(service.host())
                        || serviceRoutes.destinations().contains(service.host());
        return annotation
                .or(() -> led ? Optional.of(service.origin()) : Optional.empty())
                .map(origin -> plan(null, origin));
    }

    private static ClusterPlan plan(@Nullable FailureAccrual breaker, Origin origin) {
        return new ClusterPlan(
                null,
                BALANCING,
                null,
                null,
                breaker == null ? null : breaker.outlier(),
                null,
                origin);
    }
}
