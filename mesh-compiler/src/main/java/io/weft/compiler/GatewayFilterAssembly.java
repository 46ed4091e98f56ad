package io.weft.compiler;

import io.weft.compiler.dialect.DialectPolicies;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.VirtualHost;
import java.util.ArrayList;
import java.util.List;

/** Adds the filters that some dialect has for the routes of any other. */
final class GatewayFilterAssembly {

    private final List<DialectPolicies> dialects;
    private final List<Filter> everywhere;

    /**
     * @param everywhere what a gateway does with every request
     */
    GatewayFilterAssembly(List<DialectPolicies> dialects, List<Filter> everywhere) {
        this.dialects = dialects;
        this.everywhere = everywhere;
    }

    /** The same table where no filter concerns it. */
    RouteTable decorate(RouteTable table) {
        List<VirtualHost> hosts = table.hosts().stream().map(this::decorate).toList();
        return hosts.equals(table.hosts())
                ? table
                : new RouteTable(table.name(), table.protocol(), hosts, table.tcp());
    }

    private VirtualHost decorate(VirtualHost host) {
        return new VirtualHost(
                host.name(),
                host.domains(),
                host.routes().stream().map(this::decorate).toList(),
                host.origin());
    }

    private Route decorate(Route route) {
        List<Filter> filters = new ArrayList<>(everywhere);
        for (DialectPolicies dialect : dialects) {
            filters.addAll(dialect.routeFilters(route));
        }
        filters.addAll(route.filters());
        for (DialectPolicies dialect : dialects) {
            filters.addAll(dialect.gatewayFilters(route));
        }
        return filters.size() == route.filters().size()
                ? route
                : new Route(
                        route.name(),
                        route.match(),
                        route.action(),
                        filters,
                        route.timeouts(),
                        route.retry(),
                        route.origin());
    }
}
