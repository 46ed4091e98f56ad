package io.weft.dataplane.upstream;

/**
 * Why an attempt has no (whole) answer.
 *
 * @param reason in words, for {@code %UPSTREAM_TRANSPORT_FAILURE_REASON%} and the log
 * @param reusedConnection whether the connection had served before, so that its peer may just have
 *     closed it for idleness
 */
public record UpstreamFailure(Kind kind, String reason, boolean reusedConnection) {

    /** What happened. */
    public enum Kind {
        /** No connection: refused, unreachable, timed out, name not resolved. */
        CONNECT,
        /** No TLS, or another identity than expected. */
        TLS,
        /** A circuit breaker's bound. */
        OVERFLOW,
        /** The stream was refused unprocessed (REFUSED_STREAM, GOAWAY). */
        REFUSED,
        /** Closed in an orderly way before the answer was whole. */
        CLOSED,
        /** Reset by the peer. */
        RESET,
        /** What came is not HTTP. */
        PROTOCOL
    }
}
