package io.weft.compiler.dialect.consul.chain;

import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.route.Filter;
import io.weft.model.route.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ServiceRouter. */
public record RouterSpec(ServiceName service, List<RouteSpec> routes, Origin origin) {

    public RouterSpec {
        routes = List.copyOf(routes);
    }

    /**
     * One of its routes.
     *
     * @param destination null where the router's own service is meant
     */
    public record RouteSpec(
            String name, Match match, @Nullable DestinationSpec destination, Origin origin) {}

    /**
     * Where a route leads, and what is done on the way.
     *
     * @param service empty for the router's own
     * @param namespace empty for the router's own
     */
    public record DestinationSpec(
            String service,
            String subset,
            String namespace,
            List<Filter> filters,
            @Nullable Duration requestTimeout,
            @Nullable Duration idleTimeout,
            @Nullable RetryPolicy retry) {
        public DestinationSpec {
            filters = List.copyOf(filters);
        }
    }
}
