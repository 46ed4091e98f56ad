package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.MeshDefaults;
import io.weft.compiler.dialect.MeshSettings;
import io.weft.compiler.dialect.Target;
import io.weft.model.Origin;
import io.weft.model.route.Fraction;
import io.weft.model.route.RetryPolicy;
import io.weft.model.route.RouteAction;
import io.weft.model.route.Timeouts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route of a VirtualService, as far as it does not depend on who calls.
 *
 * @param matches one of them must hold; none is everything
 * @param fixed a redirect or direct response; null forwards to the targets
 * @param redirectUri the new path of a redirect; null keeps it
 * @param rewriteUri what replaces the matched path; null keeps it
 * @param timeout null where nothing is said; zero switches off what a root says
 * @param retries null where nothing is said
 * @param delegate {@code namespace/name} of the VirtualService that goes on; empty for none
 */
record HttpRouteSpec(
        String name,
        List<HttpMatchSpec> matches,
        List<Target> targets,
        @Nullable RouteAction fixed,
        @Nullable String redirectUri,
        @Nullable String rewriteUri,
        RouteFilters filters,
        List<MirrorSpec> mirrors,
        @Nullable Duration timeout,
        MeshSettings.@Nullable Retries retries,
        String delegate,
        Origin origin) {

    HttpRouteSpec {
        matches = List.copyOf(matches);
        targets = List.copyOf(targets);
        mirrors = List.copyOf(mirrors);
    }

    /** A copy of the traffic. */
    record MirrorSpec(Target target, Fraction share, Origin origin) {}

    /** Whether the path is rewritten, or the authority. */
    boolean rewrites() {
        return rewriteUri != null || !filters.rewrite().isEmpty();
    }

    /** A route with faults has no time-out. */
    Timeouts timeouts() {
        return timeout == null || timeout.isZero() || !filters.fault().isEmpty()
                ? Timeouts.NONE
                : new Timeouts(timeout, null);
    }

    /**
     * A route with faults is not retried.
     *
     * @param usual what holds where nothing is said; null is Istio's default
     */
    @Nullable RetryPolicy retry(MeshSettings.@Nullable Retries usual) {
        if (!filters.fault().isEmpty()) {
            return null;
        }
        MeshSettings.Retries said = retries == null ? usual : retries;
        return said == null ? MeshDefaults.retry(origin) : said.policy();
    }

    /** Whether nothing can come after it. */
    boolean isCatchAll() {
        return matches.stream().anyMatch(m -> m.isCatchAll() && m.equals(HttpMatchSpec.ANY));
    }
}
