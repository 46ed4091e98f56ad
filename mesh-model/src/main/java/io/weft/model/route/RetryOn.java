package io.weft.model.route;

/**
 * A kind of failure that may be tried again; names as Envoy's {@code x-envoy-retry-on}, which
 * leaves out some of gRPC's statuses.
 */
public enum RetryOn {
    /** Any 5xx answer, or none at all. */
    FIVE_XX,
    /** 502, 503, 504. */
    GATEWAY_ERROR,
    /** Connection reset, closed or timed out before an answer. */
    RESET,
    /** Reset before the request was sent. */
    RESET_BEFORE_REQUEST,
    CONNECT_FAILURE,
    RETRIABLE_4XX,
    REFUSED_STREAM,
    /** The statuses that the policy lists. */
    RETRIABLE_STATUS_CODES,
    GRPC_CANCELLED,
    GRPC_DATA_LOSS,
    GRPC_DEADLINE_EXCEEDED,
    GRPC_INTERNAL,
    GRPC_PERMISSION_DENIED,
    GRPC_RESOURCE_EXHAUSTED,
    GRPC_UNAVAILABLE,
    GRPC_UNKNOWN,
    ENVOY_RATELIMITED
}
