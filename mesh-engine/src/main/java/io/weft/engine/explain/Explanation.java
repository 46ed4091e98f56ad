package io.weft.engine.explain;

import io.weft.model.Origin;
import io.weft.model.listener.MtlsMode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was consulted about a request, in order, and what decided. Plain records that any
 * JSON writer can write.
 *
 * @param gateway what the gateway's own policies say, null when the caller is none
 * @param route null when the client's side was not asked or nothing matched
 * @param sent what the callee is given once the route's filters have run, null when the client's
 *     side was not asked or nothing is forwarded
 * @param mtls null unless both sides were asked
 * @param server what the callee's policies say, null when it was not asked or not reached
 */
public record Explanation(
        @Nullable Guard gateway,
        @Nullable RouteChoice route,
        @Nullable Sent sent,
        @Nullable Mtls mtls,
        @Nullable Guard server,
        Decision decision) {

    /**
     * How it ends.
     *
     * @param status the HTTP status of a refusal; 200 stands for "goes to the application"
     * @param origin the line that decided
     */
    public record Decision(Result result, int status, String reason, Origin origin) {}

    /** How a request can end. */
    public enum Result {
        ALLOWED,
        DENIED,
        /** An external authoriser would have to be asked. */
        ASKS_EXTERNAL,
        /** The caller's proxy answers itself: a redirect, a direct response. */
        ANSWERED,
        NO_ROUTE
    }

    /**
     * The route taken.
     *
     * @param path the normalised path
     * @param requestTimeout ISO-8601, empty for none
     * @param answers the status with which the proxy answers itself (a redirect, a direct response,
     *     an abort of every request), 0 when it forwards
     */
    public record RouteChoice(
            String table,
            String virtualHost,
            Origin virtualHostOrigin,
            String route,
            Origin routeOrigin,
            String path,
            String action,
            List<Share> destinations,
            List<FilterUse> filters,
            String requestTimeout,
            @Nullable Retries retries,
            int answers) {
        public RouteChoice {
            destinations = List.copyOf(destinations);
            filters = List.copyOf(filters);
        }
    }

    /**
     * The request as it leaves the caller's side.
     *
     * @param destination the share that was followed
     * @param target path and query
     * @param headers those that filters changed, by name; a removed one is empty
     * @param unknown filters whose effect cannot be told without running them
     */
    public record Sent(
            String destination,
            String authority,
            String target,
            Map<String, String> headers,
            List<String> unknown) {
        public Sent {
            headers = Collections.unmodifiableMap(new TreeMap<>(headers));
            unknown = List.copyOf(unknown);
        }
    }

    /** A destination and its part of the route's requests. */
    public record Share(
            String destination, int weight, double percent, int endpoints, Origin origin) {}

    /** A filter that runs on the way, in order; {@code applies} is what its condition says. */
    public record FilterUse(String kind, String detail, boolean applies, Origin origin) {}

    public record Retries(int retries, List<String> on, String perTryTimeout, Origin origin) {
        public Retries {
            on = List.copyOf(on);
        }
    }

    /**
     * How the connection is secured.
     *
     * @param client how the caller connects: {@code mutual TLS}, {@code plain text}, {@code TLS}
     * @param fits whether the server accepts that
     */
    public record Mtls(
            String client,
            Origin clientOrigin,
            MtlsMode server,
            Origin serverOrigin,
            boolean fits) {}

    /** Token and policies at one place. */
    public record Guard(Token token, List<Layer> layers, Decision decision) {
        public Guard {
            layers = List.copyOf(layers);
        }
    }

    /**
     * The token's outcome: {@code none}, {@code valid}, {@code invalid}, {@code assumed} or {@code
     * unread} where no rule looks for one.
     *
     * @param principal empty without a verified token
     */
    public record Token(String outcome, String reason, String principal, @Nullable Origin origin) {}

    /**
     * The policies of one dialect.
     *
     * @param otherwise what holds when no step decides
     * @param decided whether a step decided
     */
    public record Layer(
            String dialect,
            List<Step> steps,
            String otherwise,
            Origin otherwiseOrigin,
            boolean decided) {
        public Layer {
            steps = List.copyOf(steps);
        }
    }

    /**
     * A policy's step.
     *
     * @param action {@code ALLOW}, {@code DENY}, {@code AUDIT} or {@code EXTERNAL}
     * @param shadow whether it is a dry run
     * @param condition in words
     */
    public record Step(
            String action,
            boolean shadow,
            boolean matched,
            boolean decides,
            String condition,
            Origin origin) {}
}
