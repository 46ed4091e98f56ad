package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.dialect.Target;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.Timeouts;
import java.util.List;

/**
 * A ServiceProfile.
 *
 * @param host the service it is for; also of the outside
 * @param overrides where the service's traffic goes instead; empty for the service itself
 */
record ProfileSpec(
        String namespace, String host, List<Line> routes, List<Target> overrides, Origin origin) {

    ProfileSpec {
        routes = List.copyOf(routes);
        overrides = List.copyOf(overrides);
    }

    /** An empty profile overrides nothing. */
    boolean inForce() {
        return !routes.isEmpty() || !overrides.isEmpty();
    }

    /**
     * A route of it.
     *
     * @param retry without a budget where answers are not retried
     */
    record Line(String name, Match match, Timeouts timeouts, RetryPolicy retry, Origin origin) {}
}
