package io.weft.dataplane.telemetry.otlp;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.LocalWorkload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Spans, access logs and metrics over OTLP/HTTP without Spring. What a receiver that is down, slow
 * or talks nonsense does not take is lost and counted ({@code weft_otlp_lost_total}), and costs
 * nothing else. Sampling is decided before, by {@code Spans}.
 */
public final class OtlpExport implements AutoCloseable {

    private static final String SCOPE = "io.weft.dataplane";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** For a receiver that is started anew; what must wait longer than that is lost. */
    private static final RetryPolicy RETRY =
            RetryPolicy.builder()
                    .setMaxAttempts(3)
                    .setInitialBackoff(Duration.ofMillis(200))
                    .setMaxBackoff(Duration.ofSeconds(1))
                    .build();

    /** With the SDK's own repetitions. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Would write a stack trace for each batch; kept here, since the JDK keeps only weak ones. */
    private static final Logger NOISE =
            Logger.getLogger("io.opentelemetry.exporter.internal.http.HttpExporter");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Tracer tracer;
    private final @Nullable LineSink logs;

    /** Sends every two seconds at least; metrics as the settings say. */
    public OtlpExport(OtlpSettings settings, LocalWorkload self, PrometheusMeterRegistry registry) {
        this(settings, self, registry, Duration.ofSeconds(2), PATIENCE);
    }

    OtlpExport(
            OtlpSettings settings,
            LocalWorkload self,
            PrometheusMeterRegistry registry,
            Duration interval,
            Duration patience) {
        NOISE.setLevel(Level.OFF);
        Resource resource = resource(self);
        Batching batching = new Batching(registry, interval, patience);
        tracer =
                settings.traces() == null
                        ? Tracer.NOOP
                        : traces(settings.traces(), resource, batching);
        logs = settings.logs() == null ? null : logs(settings.logs(), resource, batching);
        if (settings.metrics() != null) {
            var exporter =
                    OtlpHttpMetricExporter.builder()
                            .setEndpoint(settings.metrics() + "/v1/metrics")
                            .setTimeout(TIMEOUT)
                            .setRetryPolicy(RETRY)
                            .build();
            open.push(exporter);
            open.push(
                    new MetricsPush(
                            registry,
                            resource,
                            exporter,
                            new ExportCounters("metrics", registry),
                            settings.metricsInterval(),
                            patience));
        }
    }

    private record Batching(
            PrometheusMeterRegistry registry, Duration interval, Duration patience) {

        <T> ExportQueue<T> queue(
                String signal,
                ToLongFunction<T> size,
                Function<Collection<T>, CompletableResultCode> export) {
            return new ExportQueue<>(
                    signal, size, export, new ExportCounters(signal, registry), interval, patience);
        }
    }

    private Tracer traces(String endpoint, Resource resource, Batching batching) {
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(endpoint + "/v1/traces")
                        .setTimeout(TIMEOUT)
                        .setRetryPolicy(RETRY)
                        .build();
        open.push(exporter);
        ExportQueue<SpanData> queue = batching.queue("traces", ExportSize::of, exporter::export);
        open.push(queue);
        SdkTracerProvider provider =
                SdkTracerProvider.builder()
                        .setResource(resource)
                        .setSampler(Sampler.alwaysOn())
                        .addSpanProcessor(new QueueingProcessors.Spans(queue))
                        .build();
        return new OtelTracer(provider.get(SCOPE), new OtelCurrentTraceContext(), event -> {});
    }

    private LineSink logs(String endpoint, Resource resource, Batching batching) {
        OtlpHttpLogRecordExporter exporter =
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(endpoint + "/v1/logs")
                        .setTimeout(TIMEOUT)
                        .setRetryPolicy(RETRY)
                        .build();
        open.push(exporter);
        ExportQueue<LogRecordData> queue = batching.queue("logs", ExportSize::of, exporter::export);
        open.push(queue);
        SdkLoggerProvider provider =
                SdkLoggerProvider.builder()
                        .setResource(resource)
                        .addLogRecordProcessor(new QueueingProcessors.Logs(queue))
                        .build();
        return new OtlpLogSink(provider.get("access-log"));
    }

    /** Istio's naming: the service is {@code canonical-name.namespace}. */
    private static Resource resource(LocalWorkload self) {
        String namespace = self.workload().namespace();
        return Resource.getDefault()
                .merge(
                        Resource.create(
                                Attributes.of(
                                        AttributeKey.stringKey("service.name"),
                                        self.metadata().canonicalService() + "." + namespace,
                                        AttributeKey.stringKey("service.namespace"),
                                        namespace,
                                        AttributeKey.stringKey("k8s.namespace.name"),
                                        namespace,
                                        AttributeKey.stringKey("k8s.deployment.name"),
                                        self.workload().name())));
    }

    /** To record spans with; {@link Tracer#NOOP} when there is no receiver. */
    public Tracer tracer() {
        return tracer;
    }

    /** For the access log's provider {@code otel}, null when there is no receiver. */
    public @Nullable LineSink logSink() {
        return logs;
    }

    /** Sends what is pending, for some seconds at most. */
    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                NOISE.log(Level.FINE, "an exporter did not close", e);
            }
        }
    }
}
