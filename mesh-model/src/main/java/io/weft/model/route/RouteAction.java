package io.weft.model.route;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a route does. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface RouteAction {

    /** Forwards to one of the destinations, chosen by weight. */
    record Forward(List<WeightedDestination> destinations) implements RouteAction {
        public Forward {
            destinations = List.copyOf(destinations);
            if (destinations.stream().mapToLong(WeightedDestination::weight).sum() < 1) {
                throw new IllegalArgumentException(
                        "destinations: weights sum to 0 (expected: at least one above 0)");
            }
        }
    }

    /**
     * Answers with a redirect; null parts stay as they are. Port 0 leaves the port out.
     *
     * @param dropsQuery whether the request's query is left out of the location
     */
    record Redirect(
            int status,
            @Nullable String scheme,
            @Nullable String host,
            @Nullable Integer port,
            @Nullable PathRewrite path,
            boolean dropsQuery)
            implements RouteAction {
        public Redirect(
                int status,
                @Nullable String scheme,
                @Nullable String host,
                @Nullable Integer port,
                @Nullable PathRewrite path) {
            this(status, scheme, host, port, path, false);
        }
    }

    /** Answers at once. */
    record DirectResponse(int status, String body, List<HeaderOp> headers) implements RouteAction {
        public DirectResponse {
            headers = List.copyOf(headers);
        }
    }
}
