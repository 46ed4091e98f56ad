package io.weft.compiler.dialect;

import io.weft.model.Origin;
import io.weft.model.route.Filter;
import java.util.List;

/**
 * A share of a route as a dialect names it.
 *
 * @param host fully qualified host name of a service
 * @param port the service's port; 0 is the port that was called, or the service's only one
 * @param subset empty for the whole service
 * @param weight relative, at least 0
 */
public record Target(
        String host, int port, String subset, int weight, List<Filter> filters, Origin origin) {

    public Target {
        filters = List.copyOf(filters);
    }
}
