package io.weft.engine.balance;

/** How a try at an endpoint ended, as outlier detection counts it. */
public enum Outcome {
    /** Any other answer that is not a 5xx; also a TCP connection that was established. */
    SUCCESS,
    /** 429, or RESOURCE_EXHAUSTED: no failure, but no success where a rate of them is asked for. */
    RATE_LIMITED,
    /** A 5xx answer other than a gateway error. */
    SERVER_ERROR,
    /** 502, 503 or 504. */
    GATEWAY_ERROR,
    /** No connection, or a failed TLS handshake. */
    CONNECT_FAILURE,
    /** The connection or stream ended before an answer. */
    RESET,
    /** No answer in time. */
    TIMEOUT,
    /** The caller went away: says nothing of the endpoint. */
    CANCELLED;

    /** The outcome of an HTTP answer. */
    public static Outcome ofStatus(int status) {
        if (status < 500) {
            return status == 429 ? RATE_LIMITED : SUCCESS;
        }
        return status >= 502 && status <= 504 ? GATEWAY_ERROR : SERVER_ERROR;
    }

    /** The outcome of a gRPC answer, by the HTTP status that it corresponds to. */
    public static Outcome ofGrpcStatus(int grpcStatus) {
        return switch (grpcStatus) {
            case 14 -> GATEWAY_ERROR; // UNAVAILABLE: 503
            case 4 -> GATEWAY_ERROR; // DEADLINE_EXCEEDED: 504
            case 8 -> RATE_LIMITED; // RESOURCE_EXHAUSTED
            case 2, 13, 15 -> SERVER_ERROR; // UNKNOWN, INTERNAL, DATA_LOSS: 500
            default -> SUCCESS;
        };
    }

    /** Counts towards consecutive 5xx. */
    boolean isServerFailure() {
        return this != SUCCESS && this != RATE_LIMITED && this != CANCELLED;
    }

    /** Counts towards consecutive gateway errors: as a caller sees it, a 502, 503 or 504. */
    boolean isGatewayFailure() {
        return isServerFailure() && this != SERVER_ERROR;
    }
}
