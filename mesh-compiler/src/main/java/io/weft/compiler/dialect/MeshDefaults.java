package io.weft.compiler.dialect;

import io.weft.model.Origin;
import io.weft.model.route.RetryOn;
import io.weft.model.route.RetryPolicy;
import java.time.Duration;
import java.util.Set;

/** Defaults that hold in every dialect unless it says otherwise; they are Istio's. */
public final class MeshDefaults {

    /** Failures before the upstream can have acted on the request. */
    public static final Set<RetryOn> RETRY_ON =
            Set.of(
                    RetryOn.CONNECT_FAILURE,
                    RetryOn.REFUSED_STREAM,
                    RetryOn.GRPC_UNAVAILABLE,
                    RetryOn.GRPC_CANCELLED,
                    RetryOn.RETRIABLE_STATUS_CODES);

    public static final int RETRIES = 2;
    public static final Duration BACK_OFF_BASE = Duration.ofMillis(25);
    public static final Duration BACK_OFF_MAX = Duration.ofMillis(250);

    private MeshDefaults() {}

    /** The default retries, said to come from the given place. */
    public static RetryPolicy retry(Origin origin) {
        return new RetryPolicy(
                RETRIES,
                null,
                RETRY_ON,
                Set.of(),
                BACK_OFF_BASE,
                BACK_OFF_MAX,
                null,
                true,
                false,
                origin);
    }
}
