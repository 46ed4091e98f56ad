package io.weft.dataplane.telemetry.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.data.SpanData;

/** About what a record holds of the memory while it waits, in bytes. Stateless. */
final class ExportSize {

    /** The objects around the texts. */
    private static final long RECORD = 512;

    private static final long ATTRIBUTE = 48;

    private ExportSize() {}

    static long of(SpanData span) {
        return RECORD + span.getName().length() + of(span.getAttributes());
    }

    static long of(LogRecordData log) {
        Value<?> body = log.getBodyValue();
        return RECORD + (body == null ? 0 : body.asString().length()) + of(log.getAttributes());
    }

    /** The names are shared by all records. */
    private static long of(Attributes attributes) {
        long[] sum = {0};
        attributes.forEach((key, value) ->
                sum[0] += ATTRIBUTE + (value instanceof String text ? text.length() : 0));
        return sum[0];
    }
}
