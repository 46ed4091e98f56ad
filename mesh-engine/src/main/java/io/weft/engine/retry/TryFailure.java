package io.weft.engine.retry;

import org.jspecify.annotations.Nullable;

/** How one try of a request ended, as far as a retry may follow. */
public sealed interface TryFailure {

    /**
     * An answer's head, whatever its status: the decider says whether it is a failure.
     *
     * @param grpcStatus from the head or, where they are peeked, the trailers; null for HTTP
     * @param fromUpstream false for answers that this proxy made itself; they are never retried
     * @param rateLimited whether it has {@code x-envoy-ratelimited}
     */
    record Answer(
            int status, @Nullable Integer grpcStatus, boolean fromUpstream, boolean rateLimited)
            implements TryFailure {}

    /** No connection: refused, timed out, or its TLS handshake failed. Nothing was sent. */
    record ConnectFailed() implements TryFailure {}

    /**
     * The connection or the stream ended before an answer.
     *
     * @param requestStarted whether any of the request may have been sent
     */
    record Reset(boolean requestStarted) implements TryFailure {}

    /** HTTP/2 REFUSED_STREAM, or a GOAWAY that excludes it: the peer has done nothing. */
    record RefusedStream() implements TryFailure {}

    /** The per-try time-out passed without an answer's head. */
    record PerTryTimeout() implements TryFailure {}
}
