package io.weft.dataplane.workloadapi;

/**
 * Those that the Workload API answers with.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/statuscodes.md">gRPC status codes</a>
 */
enum GrpcStatus {
    OK(0),
    INVALID_ARGUMENT(3),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    UNIMPLEMENTED(12),
    UNAVAILABLE(14);

    private final int code;

    GrpcStatus(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
