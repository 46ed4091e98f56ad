package io.weft.model.route;

import io.weft.model.Origin;
import java.util.List;

/**
 * A share of a route.
 *
 * @param weight relative to its siblings, at least 0; their sum is at least 1
 * @param filters run after the route's own
 */
public record WeightedDestination(
        int weight, Destination destination, List<Filter> filters, Origin origin) {

    public WeightedDestination {
        if (weight < 0) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: >= 0)");
        }
        filters = List.copyOf(filters);
    }
}
