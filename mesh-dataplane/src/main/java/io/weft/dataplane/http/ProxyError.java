package io.weft.dataplane.http;

import io.weft.model.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Every way in which the proxy itself ends an exchange. What becomes of it on the wire and in the
 * log is decided in one place, {@link ErrorAnswer#of}.
 */
public sealed interface ProxyError {

    /** The likely cause in one sentence, for the log. */
    String cause();

    /** The request breaks HTTP's grammar or may be read in two ways. */
    record BadRequest(int status, String detail, String cause) implements ProxyError {}

    /** No virtual host or route fits. */
    record NoRoute(String cause) implements ProxyError {}

    /** The route leads to a cluster that does not exist. */
    record NoCluster(String cause) implements ProxyError {}

    /** The mesh does not know the host, and unknown hosts are refused. */
    record UnknownDestination(String cause) implements ProxyError {}

    /** The configuration for the host did not come in time. */
    record NotConfigured(String cause) implements ProxyError {}

    /** No endpoint can be picked. */
    record NoHealthyEndpoint(String cause) implements ProxyError {}

    /** A backend that the policy itself declares unavailable. */
    record BackendUnavailable(int status, String cause, Origin decidedBy) implements ProxyError {}

    /** No connection to the endpoint that was picked. */
    record ConnectFailed(boolean tls, String cause, boolean retriesUsedUp) implements ProxyError {}

    /** A circuit breaker is open. */
    record Overflow(String cause) implements ProxyError {}

    /** The proxy itself has as much to do as it can. */
    record Overloaded(String cause) implements ProxyError {}

    /** The upstream ended the request before a whole answer. */
    record UpstreamEnded(boolean reset, boolean answerBegun, String cause, boolean retriesUsedUp)
            implements ProxyError {}

    /** What the upstream has sent is not HTTP. */
    record UpstreamNonsense(boolean answerBegun, String cause, boolean retriesUsedUp)
            implements ProxyError {}

    /** No answer in time. */
    record Timeout(Which which, String cause) implements ProxyError {}

    /** Which time was up. */
    enum Which {
        REQUEST,
        PER_TRY,
        IDLE,
        STALLED
    }

    /** Denied by policy. */
    record AuthzDenied(String cause, Origin decidedBy) implements ProxyError {}

    /**
     * Refused by an external authoriser.
     *
     * @param body what it tells the caller
     * @param failed whether it could not be asked
     */
    record ExternallyDenied(String cause, Origin decidedBy, int status, String body, boolean failed)
            implements ProxyError {}

    /** A request of more bytes than it may have. */
    record TooLarge(String cause) implements ProxyError {}

    /** A token that does not verify. */
    record JwtInvalid(String reason, @Nullable Origin decidedBy) implements ProxyError {
        @Override
        public String cause() {
            return reason;
        }
    }

    /** A fault that the policy injects. */
    record FaultAbort(int status, @Nullable Integer grpcStatus, Origin decidedBy)
            implements ProxyError {
        @Override
        public String cause() {
            return "fault injected by " + decidedBy.describe();
        }
    }

    /** Too many requests, for this proxy or for all of them. */
    record RateLimited(String cause, boolean global, Origin decidedBy) implements ProxyError {}

    /** What counts requests for all proxies is away, and the limit closes then. */
    record RateLimiterUnavailable(String cause, Origin decidedBy) implements ProxyError {}

    /** An answer of more bytes than it may have. */
    record AnswerTooLarge(String cause) implements ProxyError {}

    /** The caller went away. */
    record DownstreamGone(String cause) implements ProxyError {}

    /** A filter of the lane failed, or there is no lane. */
    record LaneFailed(String cause) implements ProxyError {}
}
