package io.weft.model.route;

import io.weft.model.Origin;
import io.weft.model.match.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route: the first of a virtual host whose match holds decides.
 *
 * @param name shown in logs as {@code %ROUTE_NAME%}
 * @param filters in the order in which they run
 * @param retry null where nothing is retried
 */
public record Route(
        String name,
        Match match,
        RouteAction action,
        List<Filter> filters,
        Timeouts timeouts,
        @Nullable RetryPolicy retry,
        Origin origin) {

    public Route {
        filters = List.copyOf(filters);
    }
}
