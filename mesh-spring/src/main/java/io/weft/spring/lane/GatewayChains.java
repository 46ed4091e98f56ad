package io.weft.spring.lane;

import io.weft.dataplane.config.ResourceSet;
import io.weft.model.resource.RouteTable;
import io.weft.model.route.Filter;
import io.weft.model.route.VirtualHost;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import reactor.core.publisher.Flux;

/**
 * The gateway filters of mesh routes, resolved from names and arguments by Spring Cloud Gateway
 * itself, once per distinct list. Thread-safe.
 */
public final class GatewayChains {

    /** The scheme under which a chain hands the request back to the data plane. */
    public static final String DISPATCH_SCHEME = "meshlane";

    private final List<RoutePredicateFactory> predicates;
    private final List<GatewayFilterFactory> factories;
    private final GatewayProperties properties;
    private final ConfigurationService configuration;
    private final Map<List<Filter.Gateway>, Route> routes = new ConcurrentHashMap<>();

    public GatewayChains(
            List<RoutePredicateFactory> predicates,
            List<GatewayFilterFactory> factories,
            GatewayProperties properties,
            ConfigurationService configuration) {
        this.predicates = predicates;
        this.factories = factories;
        this.properties = properties;
        this.configuration = configuration;
    }

    /**
     * Resolves every filter that a configuration names, so that a name or an argument that cannot
     * be used is refused with its place before it is in force, and no event loop has to resolve
     * one.
     *
     * @throws IllegalArgumentException naming the filter and its origin
     */
    public void prepare(ResourceSet resources) {
        named(resources).forEach(this::route);
    }

    /** Whether a configuration names any gateway filter. */
    public static boolean anyIn(ResourceSet resources) {
        return named(resources).findAny().isPresent();
    }

    private static Stream<List<Filter.Gateway>> named(ResourceSet resources) {
        return resources.resources().values().stream()
                .filter(RouteTable.class::isInstance)
                .map(RouteTable.class::cast)
                .flatMap(table -> table.hosts().stream())
                .map(VirtualHost::routes)
                .flatMap(List::stream)
                .map(route -> GatewayChains.gatewayFilters(route.filters()))
                .filter(filters -> !filters.isEmpty());
    }

    private static List<Filter.Gateway> gatewayFilters(List<Filter> filters) {
        return filters.stream()
                .filter(Filter.Gateway.class::isInstance)
                .map(Filter.Gateway.class::cast)
                .toList();
    }

    /** The route that runs these filters and then hands the request back. */
    Route route(List<Filter.Gateway> filters) {
        return routes.computeIfAbsent(List.copyOf(filters), this::resolve);
    }

    private Route resolve(List<Filter.Gateway> filters) {
        RouteDefinition definition = new RouteDefinition();
        definition.setId("lane-" + Integer.toHexString(filters.hashCode()));
        definition.setUri(URI.create(DISPATCH_SCHEME + "://dispatch"));
        definition.setPredicates(List.of(new PredicateDefinition("Path=/**")));
        definition.setFilters(filters.stream().map(GatewayChains::definition).toList());
        var locator =
                new RouteDefinitionRouteLocator(
                        () -> Flux.just(definition),
                        predicates,
                        factories,
                        properties,
                        configuration);
        Route route;
        try {
            route = locator.getRoutes().blockFirst();
        } catch (RuntimeException e) {
            throw invalid(filters, e);
        }
        if (route == null) {
            throw invalid(filters, null);
        }
        return route;
    }

    private IllegalArgumentException invalid(
            List<Filter.Gateway> filters, @org.jspecify.annotations.Nullable Exception cause) {
        Filter.Gateway culprit =
                filters.stream()
                        .filter(f -> factories.stream().noneMatch(k -> k.name().equals(f.name())))
                        .findFirst()
                        .orElse(filters.getFirst());
        String reason = cause == null ? "no route" : String.valueOf(cause.getMessage());
        return new IllegalArgumentException(
                culprit.origin().describe()
                        + ": gateway filter '"
                        + culprit.name()
                        + "' "
                        + culprit.args()
                        + ": "
                        + reason
                        + " (expected: the name of a GatewayFilterFactory bean and its arguments)",
                cause);
    }

    /** Gateway's own form of a filter. */
    public static FilterDefinition definition(Filter.Gateway filter) {
        FilterDefinition definition = new FilterDefinition();
        definition.setName(filter.name());
        definition.setArgs(new java.util.LinkedHashMap<>(filter.args()));
        return definition;
    }
}
