package io.weft.dataplane.telemetry.otlp;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;

/** Between the SDK and our queues. */
final class QueueingProcessors {

    private QueueingProcessors() {}

    record Spans(ExportQueue<SpanData> queue) implements SpanProcessor {

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            // Told at its end.
        }

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            queue.offer(span.toSpanData());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }

    record Logs(ExportQueue<LogRecordData> queue) implements LogRecordProcessor {

        @Override
        public void onEmit(Context context, ReadWriteLogRecord record) {
            queue.offer(record.toLogRecordData());
        }
    }
}
