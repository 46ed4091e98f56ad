package io.weft.policy.explain;

import io.weft.engine.SampleRequest;
import io.weft.model.WorkloadId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request that is not sent.
 *
 * @param from the caller, a sidecar's workload or a gateway; null for a caller outside the mesh that
 *     speaks to the callee directly
 * @param to the callee; null for the one that most of the chosen route's requests reach
 * @param toPort the callee's own port; 0 for that of the endpoint
 * @param host as the caller wrote it
 * @param port as the caller wrote it; a gateway's logical port
 */
public record Question(
        @Nullable WorkloadId from,
        @Nullable WorkloadId to,
        int toPort,
        String host,
        int port,
        SampleRequest request) {

    /** The destination to which a sidecar would subscribe. */
    String route() {
        return host.toLowerCase(Locale.ROOT) + ":" + port;
    }
}
