package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.Origin;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.util.List;

/**
 * A rule of a route.
 *
 * @param name as written, else its index
 * @param matches one at least; alternatives
 * @param backends empty where it forwards nowhere
 */
record RuleSpec(
        String name,
        List<MatchSpec> matches,
        List<FilterSpec> filters,
        List<BackendSpec> backends,
        Timeouts timeouts,
        RetryPolicy retry,
        Origin origin) {

    RuleSpec {
        matches = List.copyOf(matches);
        filters = List.copyOf(filters);
        backends = List.copyOf(backends);
    }
}
