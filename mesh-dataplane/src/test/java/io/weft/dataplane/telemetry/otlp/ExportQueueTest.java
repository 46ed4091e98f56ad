package io.weft.dataplane.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.weft.dataplane.testing.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExportQueueTest {

    private static final int MEGABYTE = 1 << 20;

    @Test
    void whatWaitsForAReceiverThatHangsIsBoundedInBytes() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicInteger batches = new AtomicInteger();
        CompletableResultCode never = new CompletableResultCode();
        try (ExportQueue<String> queue =
                new ExportQueue<>(
                        "traces",
                        String::length,
                        batch -> {
                            batches.incrementAndGet();
                            return never;
                        },
                        new ExportCounters("traces", registry),
                        Duration.ofMillis(10),
                        Duration.ofSeconds(20))) {
            queue.offer("first");
            Await.until("it hangs", () -> batches.get() == 1);
            for (int i = 0; i < 10; i++) {
                queue.offer("x".repeat(MEGABYTE));
            }
            assertThat(lost(registry)).as("four of a megabyte each fit").isEqualTo(6);
            never.succeed();
            Await.until("the rest is sent", () -> sent(registry) == 5);
            for (int i = 0; i < 4; i++) {
                queue.offer("x".repeat(MEGABYTE));
            }
            Await.until("what was taken was given back", () -> sent(registry) == 9);
            assertThat(lost(registry)).isEqualTo(6);
        }
    }

    private static double lost(PrometheusMeterRegistry registry) {
        return registry.get("weft_otlp_lost").tag("reason", "queue").counter().count();
    }

    private static double sent(PrometheusMeterRegistry registry) {
        return registry.get("weft_otlp_sent").counter().count();
    }
}
