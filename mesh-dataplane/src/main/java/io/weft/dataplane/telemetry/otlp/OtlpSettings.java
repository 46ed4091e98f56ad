package io.weft.dataplane.telemetry.otlp;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where telemetry goes over OTLP/HTTP. Endpoints have no path, as {@code http://collector:4318};
 * null sends nothing.
 *
 * @param traces receiver of spans
 * @param logs receiver of access logs whose provider is OpenTelemetry
 * @param metrics receiver of metrics
 * @param metricsInterval how often metrics are sent
 */
public record OtlpSettings(
        @Nullable String traces,
        @Nullable String logs,
        @Nullable String metrics,
        Duration metricsInterval) {

    public static final OtlpSettings NONE =
            new OtlpSettings(null, null, null, Duration.ofSeconds(15));

    public OtlpSettings {
        traces = checked("traces", traces);
        logs = checked("logs", logs);
        metrics = checked("metrics", metrics);
        if (metricsInterval.toMillis() < 100) {
            throw new IllegalArgumentException(
                    "OTLP metrics interval: " + metricsInterval + " (expected: >= 100 ms)");
        }
    }

    /** Spans and access logs to one receiver. */
    public static OtlpSettings to(@Nullable String endpoint) {
        return new OtlpSettings(endpoint, endpoint, null, NONE.metricsInterval());
    }

    /** Metrics as well. */
    public OtlpSettings withMetrics(@Nullable String endpoint, Duration interval) {
        return new OtlpSettings(traces, logs, endpoint, interval);
    }

    /** Access logs to another receiver. */
    public OtlpSettings withLogs(@Nullable String endpoint) {
        return new OtlpSettings(traces, endpoint, metrics, metricsInterval);
    }

    private static @Nullable String checked(String what, @Nullable String endpoint) {
        if (endpoint == null || endpoint.isBlank()) {
            return null;
        }
        String base = endpoint.strip().replaceFirst("/+$", "");
        try {
            URI uri = URI.create(base);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null) {
                return base;
            }
        } catch (IllegalArgumentException e) {
            throw bad(what, endpoint);
        }
        throw bad(what, endpoint);
    }

    private static IllegalArgumentException bad(String what, String endpoint) {
        return new IllegalArgumentException(
                "OTLP " + what + ": '" + endpoint + "' (expected: http://HOST:PORT)");
    }
}
