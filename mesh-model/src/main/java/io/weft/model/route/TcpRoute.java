package io.weft.model.route;

import io.weft.model.Origin;
import io.weft.model.match.Match;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route of opaque connections, matched by what the connection shows (port, SNI, addresses). */
public record TcpRoute(
        String name,
        Match match,
        List<WeightedDestination> destinations,
        @Nullable Duration idleTimeout,
        Origin origin) {

    public TcpRoute {
        destinations = List.copyOf(destinations);
    }
}
