package io.weft.model.telemetry;

import java.util.List;

/** What is recorded of each request of a workload. */
public record Telemetry(List<AccessLog> accessLogs, Tracing tracing, Metrics metrics) {

    public static final Telemetry DEFAULT =
            new Telemetry(List.of(), Tracing.DEFAULT, Metrics.DEFAULT);

    public Telemetry {
        accessLogs = List.copyOf(accessLogs);
    }
}
