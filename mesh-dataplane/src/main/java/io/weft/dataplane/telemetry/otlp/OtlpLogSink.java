package io.weft.dataplane.telemetry.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.LogRecord;
import java.util.concurrent.TimeUnit;

/**
 * Records of the access log as OpenTelemetry has them: the line is the body, the fields of a JSON
 * format are attributes, and the exchange's trace comes along.
 */
record OtlpLogSink(Logger logger) implements LineSink {

    @Override
    public boolean wantsRecords() {
        return true;
    }

    @Override
    public void write(String text) {
        logger.logRecordBuilder().setBody(text.stripTrailing()).emit();
    }

    @Override
    public void write(LogRecord record) {
        LogRecordBuilder builder =
                logger.logRecordBuilder()
                        .setTimestamp(record.epochMicros(), TimeUnit.MICROSECONDS)
                        .setSeverity(Severity.INFO)
                        .setBody(record.text().stripTrailing());
        record.fields()
                .forEach((name, value) -> {
                    if (value instanceof Long number) {
                        builder.setAttribute(AttributeKey.longKey(name), number);
                    } else {
                        builder.setAttribute(AttributeKey.stringKey(name), value.toString());
                    }
                });
        if (!record.traceId().isEmpty()) {
            SpanContext span =
                    SpanContext.create(
                            record.traceId(),
                            record.spanId(),
                            record.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                            TraceState.getDefault());
            builder.setContext(Context.root().with(Span.wrap(span)));
        }
        builder.emit();
    }
}
