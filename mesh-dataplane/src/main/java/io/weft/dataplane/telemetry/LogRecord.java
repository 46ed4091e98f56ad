package io.weft.dataplane.telemetry;

import java.util.Map;

/**
 * A record of the access log in its parts, for receivers that take more than lines.
 *
 * @param text as a line would have it
 * @param fields of a JSON format, texts and numbers; empty for a text format
 * @param epochMicros when the exchange began
 * @param traceId W3C, empty for none
 */
public record LogRecord(
        String text,
        Map<String, Object> fields,
        long epochMicros,
        String traceId,
        String spanId,
        boolean sampled) {

    public LogRecord {
        fields = Map.copyOf(fields);
    }
}
