package io.weft.dataplane.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code GRPC_STATUS} in its notations. */
final class GrpcOperators {

    private static final String[] GRPC_NAMES = {
        "OK",
        "Canceled",
        "Unknown",
        "InvalidArgument",
        "DeadlineExceeded",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "ResourceExhausted",
        "FailedPrecondition",
        "Aborted",
        "OutOfRange",
        "Unimplemented",
        "Internal",
        "Unavailable",
        "DataLoss",
        "Unauthenticated"
    };

    private GrpcOperators() {}

    static LogValue status(String argument) {
        return switch (argument) {
            case "NUMBER" -> e -> e.grpcStatus() < 0 ? null : (long) e.grpcStatus();
            case "SNAKE_STRING" ->
                    e ->
                            grpcName(e) instanceof String name
                                    ? name.replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                                            .toUpperCase(Locale.ROOT)
                                    : null;
            default -> GrpcOperators::grpcName;
        };
    }

    private static @Nullable Object grpcName(ExchangeView e) {
        int status = e.grpcStatus();
        return status < 0
                ? null
                : status < GRPC_NAMES.length ? GRPC_NAMES[status] : Integer.toString(status);
    }
}
