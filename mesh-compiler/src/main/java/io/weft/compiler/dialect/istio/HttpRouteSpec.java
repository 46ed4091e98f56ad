package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.Target;
import io.weft.model.Origin;
import io.weft.model.route.Filter;
import io.weft.model.route.Fraction;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route of a VirtualService, as far as it does not depend on who calls.
 *
 * @param matches one of them must hold; none is everything
 * @param fixed a redirect or direct response; null forwards to the targets
 * @param redirectUri the new path of a redirect; null keeps it
 * @param rewriteUri what replaces the matched path; null keeps it
 * @param delegate {@code namespace/name} of the VirtualService that goes on; empty for none
 */
record HttpRouteSpec(
        String name,
        List<HttpMatchSpec> matches,
        List<Target> targets,
        @Nullable RouteAction fixed,
        @Nullable String redirectUri,
        @Nullable String rewriteUri,
        List<Filter> filters,
        List<MirrorSpec> mirrors,
        Timeouts timeouts,
        @Nullable RetryPolicy retry,
        String delegate,
        Origin origin) {

    HttpRouteSpec {
        matches = List.copyOf(matches);
        targets = List.copyOf(targets);
        filters = List.copyOf(filters);
        mirrors = List.copyOf(mirrors);
    }

    /** A copy of the traffic. */
    record MirrorSpec(Target target, Fraction share, Origin origin) {}

    /** Whether nothing can come after it. */
    boolean isCatchAll() {
        return matches.stream().anyMatch(m -> m.isCatchAll() && m.equals(HttpMatchSpec.ANY));
    }
}
