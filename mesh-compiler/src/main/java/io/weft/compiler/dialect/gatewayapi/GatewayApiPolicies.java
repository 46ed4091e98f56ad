package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.catalog.DeclaredWorkload;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.compiler.dialect.ClusterLinker;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.compiler.dialect.GatewayPlan;
import io.weft.compiler.dialect.Inventory;
import io.weft.compiler.dialect.OutboundView;
import io.weft.compiler.dialect.RoutePlan;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.status.ResourceStatus;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.WorkloadId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Gateway API's answers. */
record GatewayApiPolicies(
        List<ResourceStatus> classes,
        List<GatewaySpec> gateways,
        List<RouteSpec> routes,
        Bindings bindings,
        References references,
        MeshRoutes meshRoutes,
        BackendTlsPolicies backendTls)
        implements DialectPolicies {

    @Override
    public Dialect dialect() {
        return Dialect.GATEWAY_API;
    }

    @Override
    public Inventory inventory() {
        return new Inventory(List.of(), backendTls.roots(), Map.of(), Set.of(), Map.of());
    }

    @Override
    public Optional<RoutePlan> routes(OutboundView destination, ClusterLinker linker) {
        return meshRoutes.routes(destination, linker);
    }

    @Override
    public Map<String, Origin> routedHosts() {
        return meshRoutes.hosts();
    }

    @Override
    public Optional<ClusterPlan> cluster(
            WorkloadView client, MeshService service, int port, String subset) {
        return subset.isEmpty() ? backendTls.plan(service, port) : Optional.empty();
    }

    @Override
    public List<DeclaredWorkload> gatewayWorkloads() {
        return gateways.stream()
                .map(gateway ->
                        new DeclaredWorkload(
                                new WorkloadId(gateway.namespace(), gateway.name()),
                                "",
                                Map.of(),
                                gateway.origin()))
                .toList();
    }

    @Override
    public List<GatewayPlan> gateway(WorkloadView gateway, ClusterLinker linker) {
        return bindings.gateway(gateway.namespace(), gateway.name())
                .map(spec -> new GatewayWriter(spec, bindings, references, linker).plans())
                .orElse(List.of());
    }

    @Override
    public List<ResourceStatus> statuses(ServiceCatalog catalog) {
        StatusWriter writer = new StatusWriter(bindings, references, catalog);
        List<ResourceStatus> all = new ArrayList<>(classes);
        gateways.forEach(gateway -> all.add(writer.gateway(gateway)));
        routes.forEach(route -> all.add(writer.route(route)));
        all.addAll(backendTls.statuses(catalog));
        return all;
    }
}
