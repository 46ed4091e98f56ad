package io.weft.compiler;

import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.model.resource.MeshResource;
import io.weft.model.resource.RouteTable;
import io.weft.model.resource.TrustBundle;
import io.weft.model.resource.UnknownHost;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Filter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Scopes compiled policies to one workload: it gets what is its own, and the destinations it asked
 * for. Immutable and thread-safe; make a new one when policies or the catalogue change.
 */
public final class WorkloadConfigBuilder {

    private final CompiledPolicies policies;
    private final ServiceCatalog catalog;
    private final ConfigProviders providers;
    private final ServiceEndpoints endpoints;

    public WorkloadConfigBuilder(
            CompiledPolicies policies, ServiceCatalog catalog, ConfigProviders providers) {
        this.policies = policies;
        this.catalog = catalog;
        this.providers = providers;
        this.endpoints = new ServiceEndpoints(policies, catalog);
    }

    /**
     * Everything that the workload needs, by key.
     *
     * @param routesAskedFor {@code host:port} as the application wrote it; each is answered with a
     *     {@link RouteTable} or with {@link UnknownHost}
     */
    public Map<String, MeshResource> build(WorkloadIdentity workload, Set<String> routesAskedFor) {
        Map<String, MeshResource> resources = new TreeMap<>();
        ClusterAssembly clusters =
                new ClusterAssembly(policies, catalog, workload.view(), endpoints);
        GatewayAssembly.Served served =
                workload.gateway()
                        ? new GatewayAssembly(policies, workload.view(), clusters).assemble()
                        : GatewayAssembly.Served.NOTHING;
        put(resources, served.tables());
        OutboundAssembly outbound =
                new OutboundAssembly(policies, catalog, workload.view(), clusters);
        for (String route : routesAskedFor) {
            MeshResource table = outbound.answer(route);
            resources.put(table.key(), table);
        }
        List<Filter> everywhere =
                workload.gateway()
                        ? policies.dialects().stream()
                                .flatMap(d -> d.workloadFilters(workload.view(), 0, "").stream())
                                .toList()
                        : List.of();
        GatewayFilterAssembly filters = new GatewayFilterAssembly(policies.dialects(), everywhere);
        resources.replaceAll((key, resource) ->
                resource instanceof RouteTable table ? filters.decorate(table) : resource);
        WorkloadConfig config =
                new InboundAssembly(policies, catalog, workload).assemble(served.servers());
        resources.put(config.key(), config);
        config.externalAuthorizers().forEach(a -> clusters.require(a.cluster()));
        put(resources, clusters.resources());
        put(resources, new Attachments(policies, providers).of(config, clusters.credentials()));
        for (TrustBundle bundle : providers.trustBundles().get()) {
            resources.put(bundle.key(), bundle);
        }
        return resources;
    }

    private static void put(
            Map<String, MeshResource> into, Collection<? extends MeshResource> resources) {
        resources.forEach(resource -> into.put(resource.key(), resource));
    }
}
