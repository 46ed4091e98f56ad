package io.weft.dataplane.telemetry;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Spans and access logs over OTLP/HTTP without Spring. Batches are sent by threads of the SDK; what
 * does not fit is dropped there. Sampling is decided before, by {@link Spans}.
 */
public final class OtlpExport implements AutoCloseable {

    private static final String SCOPE = "io.weft.dataplane";
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final SdkTracerProvider traces;
    private final SdkLoggerProvider logs;
    private final Tracer tracer;

    private OtlpExport(SdkTracerProvider traces, SdkLoggerProvider logs) {
        this.traces = traces;
        this.logs = logs;
        this.tracer = new OtelTracer(traces.get(SCOPE), new OtelCurrentTraceContext(), event -> {});
    }

    /**
     * Sends to a collector.
     *
     * @param endpoint without a path, for example {@code http://localhost:4318}
     */
    public static OtlpExport to(String endpoint, LocalWorkload self) {
        return to(endpoint, self, Duration.ofSeconds(2));
    }

    static OtlpExport to(String endpoint, LocalWorkload self, Duration interval) {
        String base =
                endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        Resource resource = resource(self);
        SdkTracerProvider traces =
                SdkTracerProvider.builder()
                        .setResource(resource)
                        .setSampler(Sampler.alwaysOn())
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(
                                                OtlpHttpSpanExporter.builder()
                                                        .setEndpoint(base + "/v1/traces")
                                                        .setTimeout(TIMEOUT)
                                                        .build())
                                        .setScheduleDelay(interval)
                                        .build())
                        .build();
        SdkLoggerProvider logs =
                SdkLoggerProvider.builder()
                        .setResource(resource)
                        .addLogRecordProcessor(
                                BatchLogRecordProcessor.builder(
                                                OtlpHttpLogRecordExporter.builder()
                                                        .setEndpoint(base + "/v1/logs")
                                                        .setTimeout(TIMEOUT)
                                                        .build())
                                        .setScheduleDelay(interval)
                                        .build())
                        .build();
        return new OtlpExport(traces, logs);
    }

    /** Istio's naming: the service is {@code canonical-name.namespace}. */
    private static Resource resource(LocalWorkload self) {
        String service = self.metadata().canonicalService();
        return Resource.getDefault()
                .merge(
                        Resource.create(
                                Attributes.of(
                                        AttributeKey.stringKey("service.name"),
                                        service + "." + self.workload().namespace(),
                                        AttributeKey.stringKey("k8s.namespace.name"),
                                        self.workload().namespace())));
    }

    /** To record spans with. */
    public Tracer tracer() {
        return tracer;
    }

    /** For the access log's provider {@code otel}. */
    public LineSink logSink() {
        Logger logger = logs.get("access-log");
        return text -> logger.logRecordBuilder().setBody(text.stripTrailing()).emit();
    }

    /** Sends what is pending, for some seconds at most. */
    @Override
    public void close() {
        traces.shutdown().join(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        logs.shutdown().join(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
}
