package io.weft.dataplane.telemetry.otlp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of one kind of data; a receiver that does not work is seen here and nowhere else. */
final class ExportCounters {

    private final Counter sent;
    private final Counter full;
    private final Counter failed;

    ExportCounters(String signal, MeterRegistry registry) {
        sent =
                Counter.builder("weft_otlp_sent")
                        .description("Spans, log records and data points that a receiver has taken")
                        .tag("signal", signal)
                        .register(registry);
        full = lost(signal, "queue", registry);
        failed = lost(signal, "export", registry);
    }

    private static Counter lost(String signal, String reason, MeterRegistry registry) {
        return Counter.builder("weft_otlp_lost")
                .description(
                        "Spans, log records and data points that were lost: the queue was full, or"
                                + " the receiver did not take them")
                .tag("signal", signal)
                .tag("reason", reason)
                .register(registry);
    }

    void sent(int count) {
        sent.increment(count);
    }

    void queueFull() {
        full.increment();
    }

    void failed(int count) {
        failed.increment(count);
    }
}
