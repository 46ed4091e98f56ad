package io.weft.spring.route;

import io.weft.dataplane.view.DataPlaneView;
import io.weft.dataplane.view.RouteView;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.Route;
import io.weft.model.route.VirtualHost;
import io.weft.spring.lane.GatewayChains;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.core.Ordered;
import reactor.core.publisher.Flux;

/** Shows the routes that the data plane has compiled beside Gateway's own in its actuator. */
public final class MeshRouteDefinitionLocator implements RouteDefinitionLocator {

    /** More are not shown here: Gateway scans its routes one by one. */
    private static final int MOST = 1000;

    private final Supplier<DataPlaneView> view;

    public MeshRouteDefinitionLocator(Supplier<DataPlaneView> view) {
        this.view = view;
    }

    @Override
    public Flux<RouteDefinition> getRouteDefinitions() {
        return Flux.defer(() -> Flux.fromIterable(definitions()));
    }

    private List<RouteDefinition> definitions() {
        DataPlaneView now = view.get();
        Map<String, List<FilterDefinition>> filters = filters(now);
        List<RouteDefinition> definitions = new ArrayList<>();
        List<RouteView> routes = now.routes();
        for (int i = 0; i < Math.min(MOST, routes.size()); i++) {
            RouteView route = routes.get(i);
            RouteDefinition definition = new RouteDefinition();
            definition.setId("mesh/" + route.table() + "/" + i + "/" + route.name());
            definition.setUri(URI.create(MeshRoutingFilter.SCHEME + "://" + host(route)));
            definition.setOrder(Ordered.LOWEST_PRECEDENCE);
            definition.setPredicates(List.of(predicate(route)));
            definition.setFilters(filters.getOrDefault(id(route.table(), route.name()), List.of()));
            definition.setMetadata(metadata(route));
            definitions.add(definition);
        }
        return definitions;
    }

    private static Map<String, List<FilterDefinition>> filters(DataPlaneView now) {
        Map<String, List<FilterDefinition>> byRoute = new HashMap<>();
        now.resources().resources().values().stream()
                .filter(RouteTable.class::isInstance)
                .map(RouteTable.class::cast)
                .forEach(table -> collect(table, byRoute));
        return byRoute;
    }

    private static void collect(RouteTable table, Map<String, List<FilterDefinition>> byRoute) {
        for (VirtualHost host : table.hosts()) {
            for (Route route : host.routes()) {
                List<FilterDefinition> named = named(route);
                if (!named.isEmpty()) {
                    byRoute.put(id(table.name(), route.name()), named);
                }
            }
        }
    }

    private static List<FilterDefinition> named(Route route) {
        return route.filters().stream()
                .filter(Filter.Gateway.class::isInstance)
                .map(Filter.Gateway.class::cast)
                .map(GatewayChains::definition)
                .toList();
    }

    private static String id(String table, String route) {
        return table + " " + route;
    }

    private static PredicateDefinition predicate(RouteView route) {
        PredicateDefinition predicate = new PredicateDefinition();
        predicate.setName("Mesh");
        predicate.setArgs(Map.of("match", route.match()));
        return predicate;
    }

    private static Map<String, Object> metadata(RouteView route) {
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("domains", route.domains());
        metadata.put("action", route.action());
        metadata.put("destinations", route.destinations());
        metadata.put("filters", route.filters());
        metadata.put("origin", route.origin());
        return metadata;
    }

    /** The table's name without the characters that an authority cannot have. */
    private static String host(RouteView route) {
        String name = route.table();
        return name.startsWith("gateway:") ? "gateway" : name;
    }
}
