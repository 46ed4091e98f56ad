package io.weft.blog.launcher.telemetry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * Takes spans over OTLP/HTTP in protobuf, as a collector does, and keeps the latest; what else
 * comes is thanked for and dropped. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlphttp">OTLP/HTTP</a>
 */
public final class OtlpReceiver implements AutoCloseable {

    private static final int KEPT = 20_000;

    // Field numbers of opentelemetry/proto/collector/trace/v1 and opentelemetry/proto/trace/v1.
    private static final int RESOURCE_SPANS = 1;
    private static final int RESOURCE = 1;
    private static final int ATTRIBUTES = 1;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int STRING_VALUE = 1;
    private static final int SCOPE_SPANS = 2;
    private static final int SPANS = 2;
    private static final int TRACE_ID = 1;
    private static final int SPAN_ID = 2;
    private static final int PARENT_SPAN_ID = 4;
    private static final int NAME = 5;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    /** Listens on a loopback port. */
    public static OtlpReceiver start(int port) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        OtlpReceiver receiver = new OtlpReceiver(server);
        server.createContext("/v1/traces", receiver::take);
        server.createContext("/v1/logs", OtlpReceiver::drop);
        server.createContext("/v1/metrics", OtlpReceiver::drop);
        server.setExecutor(receiver.threads);
        server.start();
        return receiver;
    }

    /**
     * The address without a path, as OpenTelemetry's {@code OTEL_EXPORTER_OTLP_ENDPOINT} has it.
     */
    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Where spans are sent to. */
    public String endpoint() {
        return base() + "/v1/traces";
    }

    /** All spans of a trace that have come so far. */
    public List<Span> trace(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    private static void drop(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean zipped =
                    "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream raw = exchange.getRequestBody();
            byte[] body = (zipped ? new GZIPInputStream(raw) : raw).readAllBytes();
            int status = 200;
            try {
                read(UnknownFieldSet.parseFrom(body));
            } catch (InvalidProtocolBufferException e) {
                status = 400;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(status, -1);
        }
    }

    private void read(UnknownFieldSet request) throws InvalidProtocolBufferException {
        for (UnknownFieldSet resourceSpans : messages(request, RESOURCE_SPANS)) {
            String service = "";
            for (UnknownFieldSet resource : messages(resourceSpans, RESOURCE)) {
                service = serviceName(resource);
            }
            for (UnknownFieldSet scope : messages(resourceSpans, SCOPE_SPANS)) {
                for (UnknownFieldSet span : messages(scope, SPANS)) {
                    add(
                            new Span(
                                    service,
                                    hex(span, TRACE_ID),
                                    hex(span, SPAN_ID),
                                    hex(span, PARENT_SPAN_ID),
                                    text(span, NAME)));
                }
            }
        }
    }

    private void add(Span span) {
        spans.add(span);
        while (spans.size() > KEPT) {
            spans.poll();
        }
    }

    private static String serviceName(UnknownFieldSet resource)
            throws InvalidProtocolBufferException {
        for (UnknownFieldSet attribute : messages(resource, ATTRIBUTES)) {
            if (text(attribute, KEY).equals("service.name")) {
                return text(messages(attribute, VALUE).getFirst(), STRING_VALUE);
            }
        }
        return "";
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet parent, int field)
            throws InvalidProtocolBufferException {
        List<UnknownFieldSet> found = new java.util.ArrayList<>();
        for (ByteString bytes : parent.getField(field).getLengthDelimitedList()) {
            found.add(UnknownFieldSet.parseFrom(bytes));
        }
        return found;
    }

    private static String text(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : values.getFirst().toStringUtf8();
    }

    private static String hex(UnknownFieldSet message, int field) {
        List<ByteString> values = message.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.getFirst().toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
