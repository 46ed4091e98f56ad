package io.weft.model.route;

import io.weft.model.Origin;
import java.util.List;

/**
 * The routes of some domains.
 *
 * @param domains lower-case host names without port, {@code *.example.com}, or {@code *}; the most
 *     specific domain of a table wins
 */
public record VirtualHost(String name, List<String> domains, List<Route> routes, Origin origin) {

    public VirtualHost {
        domains = List.copyOf(domains);
        routes = List.copyOf(routes);
    }
}
