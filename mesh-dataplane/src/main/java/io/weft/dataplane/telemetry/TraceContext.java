package io.weft.dataplane.telemetry;

import io.micrometer.tracing.Span;
import org.jspecify.annotations.Nullable;

/**
 * The place of an exchange in a trace, from its start to its end.
 *
 * @param traceId 32 hex digits, empty for no trace
 * @param spanId 16 hex digits of this hop's span; of the caller's when nothing is recorded here
 * @param parentSpanId empty for a root
 * @param span the span being recorded, null when the trace is not sampled
 */
public record TraceContext(
        String traceId, String spanId, String parentSpanId, boolean sampled, @Nullable Span span) {

    public static final TraceContext NONE = new TraceContext("", "", "", false, null);
}
