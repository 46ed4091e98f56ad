package io.weft.model.telemetry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of each request of a workload.
 *
 * @param tracing of calls that the workload makes, and of those that it answers unless
 * @param inboundTracing says otherwise
 */
public record Telemetry(
        List<AccessLog> accessLogs,
        Tracing tracing,
        @Nullable Tracing inboundTracing,
        Metrics metrics) {

    public static final Telemetry DEFAULT =
            new Telemetry(List.of(), Tracing.DEFAULT, Metrics.DEFAULT);

    public Telemetry {
        accessLogs = List.copyOf(accessLogs);
    }

    /** Both directions are traced alike. */
    public Telemetry(List<AccessLog> accessLogs, Tracing tracing, Metrics metrics) {
        this(accessLogs, tracing, null, metrics);
    }

    /** How one direction is traced. */
    public Tracing tracing(boolean inbound) {
        return inbound && inboundTracing != null ? inboundTracing : tracing;
    }
}
