package io.weft.dataplane.telemetry.otlp;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the registry's metrics as they are scraped, from time to time, cumulative since the start:
 * a push that is lost costs resolution, no counts.
 */
final class MetricsPush implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPush.class);

    private final PrometheusMeterRegistry registry;
    private final MetricPoints points;
    private final MetricExporter exporter;
    private final ExportCounters counters;
    private final Duration interval;
    private final Duration patience;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread sender;

    MetricsPush(
            PrometheusMeterRegistry registry,
            Resource resource,
            MetricExporter exporter,
            ExportCounters counters,
            Duration interval,
            Duration patience) {
        this.registry = registry;
        this.points = new MetricPoints(resource, registry.config().clock().wallTime());
        this.exporter = exporter;
        this.counters = counters;
        this.interval = interval;
        this.patience = patience;
        this.sender = Thread.ofPlatform().daemon().name("weft-otlp-metrics").start(this::run);
    }

    private void run() {
        try {
            while (!closing.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                push();
            }
            push();
        } catch (InterruptedException e) {
            LOG.debug("the last metrics were not sent");
        }
    }

    private void push() {
        int size = 0;
        boolean taken = false;
        try {
            List<MetricData> metrics =
                    points.of(
                            registry.getPrometheusRegistry().scrape(),
                            registry.config().clock().wallTime());
            size = metrics.stream().mapToInt(each -> each.getData().getPoints().size()).sum();
            CompletableResultCode result = exporter.export(metrics);
            taken = result.join(patience.toNanos(), TimeUnit.NANOSECONDS).isSuccess();
        } catch (RuntimeException e) {
            LOG.debug("metrics could not be sent", e);
        }
        if (taken) {
            counters.sent(size);
        } else {
            counters.failed(size);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (!sender.join(patience)) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
