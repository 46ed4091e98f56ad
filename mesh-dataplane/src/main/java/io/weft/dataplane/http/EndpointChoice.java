package io.weft.dataplane.http;

import io.weft.dataplane.upstream.Target;
import io.weft.engine.retry.RetryDecider;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LoadBalancing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks an endpoint for each attempt of one request, elsewhere than before where the policy says
 * so. Used on its event loop only.
 */
final class EndpointChoice {

    private final Exchange exchange;
    private final Target target;
    private final boolean avoidsTried;
    private final boolean otherLocalities;
    private List<Endpoint> tried = List.of();
    private @Nullable Endpoint previous;
    private @Nullable String hashKey;

    /**
     * @param hedged whether several attempts may be under way, which makes sense elsewhere only
     */
    EndpointChoice(
            Exchange exchange, Target target, @Nullable RetryDecider decider, boolean hedged) {
        this.exchange = exchange;
        this.target = target;
        this.avoidsTried = hedged || (decider != null && decider.policy().avoidTriedHosts());
        this.otherLocalities = decider != null && decider.policy().otherLocalities();
    }

    /** Gives the caller the cookie by which it is balanced, where it has none yet. */
    void stick() {
        LoadBalancing.HashKey.Cookie cookie = target.cookieToSet(exchange);
        if (cookie != null) {
            hashKey = StickyCookie.set(exchange, cookie);
        }
    }

    /** The endpoint for the next attempt; null when there is none. */
    Target.@Nullable Pick next() {
        if (previous != null && avoidsTried) {
            if (tried.isEmpty()) {
                tried = new ArrayList<>(2);
            }
            tried.add(previous);
        }
        Target.Pick pick = target.pick(exchange, tried, otherLocalities, hashKey);
        if (pick != null) {
            previous = pick.modelEndpoint();
        }
        return pick;
    }
}
