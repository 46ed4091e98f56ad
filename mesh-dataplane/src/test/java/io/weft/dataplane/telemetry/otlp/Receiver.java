package io.weft.dataplane.telemetry.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A receiver of OTLP over HTTP that keeps all, read with OpenTelemetry's own types. */
public final class Receiver implements AutoCloseable {

    /** A span, and the service that it comes from. */
    public record Seen(String service, Span span) {

        public String trace() {
            return HexFormat.of().formatHex(span.getTraceId().toByteArray());
        }

        public String id() {
            return HexFormat.of().formatHex(span.getSpanId().toByteArray());
        }

        public String parent() {
            return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
        }

        public Map<String, String> tags() {
            return attributes(span.getAttributesList());
        }
    }

    private final HttpServer server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();
    private final List<LogRecord> logs = new CopyOnWriteArrayList<>();
    private final List<Metric> metrics = new CopyOnWriteArrayList<>();

    public Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::take);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Seen> spans() {
        return spans;
    }

    public List<LogRecord> logs() {
        return logs;
    }

    public List<Metric> metrics() {
        return metrics;
    }

    static Map<String, String> attributes(List<KeyValue> list) {
        Map<String, String> all = new TreeMap<>();
        list.forEach(each ->
                all.put(
                        each.getKey(),
                        each.getValue().hasIntValue()
                                ? Long.toString(each.getValue().getIntValue())
                                : each.getValue().getStringValue()));
        return all;
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            InputStream raw = exchange.getRequestBody();
            boolean zipped =
                    "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            byte[] body = (zipped ? new GZIPInputStream(raw) : raw).readAllBytes();
            switch (exchange.getRequestURI().getPath()) {
                case "/v1/traces" ->
                        ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
                                .forEach(resource -> {
                                    String service =
                                            attributes(resource.getResource().getAttributesList())
                                                    .getOrDefault("service.name", "");
                                    resource.getScopeSpansList()
                                            .forEach(scope ->
                                                    scope.getSpansList()
                                                            .forEach(span ->
                                                                    spans.add(
                                                                            new Seen(
                                                                                    service,
                                                                                    span))));
                                });
                case "/v1/logs" ->
                        ExportLogsServiceRequest.parseFrom(body).getResourceLogsList().stream()
                                .flatMap(each -> each.getScopeLogsList().stream())
                                .forEach(scope -> logs.addAll(scope.getLogRecordsList()));
                case "/v1/metrics" ->
                        ExportMetricsServiceRequest.parseFrom(body)
                                .getResourceMetricsList()
                                .stream()
                                .flatMap(each -> each.getScopeMetricsList().stream())
                                .forEach(scope -> metrics.addAll(scope.getMetricsList()));
                default -> throw new IOException(exchange.getRequestURI().toString());
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
