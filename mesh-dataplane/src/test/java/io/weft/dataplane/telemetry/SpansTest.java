package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.telemetry.otlp.OtlpExport;
import io.weft.dataplane.telemetry.otlp.OtlpSettings;
import io.weft.dataplane.testing.Await;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.Tracing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Tracing ALL = new Tracing(true, Fraction.ALL, List.of());
    private static final Tracing NONE = new Tracing(true, Fraction.NONE, List.of());

    private static HttpHeaders headers(String... pairs) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    private static Spans silent(Tracing tracing) {
        return new Spans(Tracer.NOOP, SampleExchange.local(), tracing);
    }

    private static Propagation.Extracted extract(String... pairs) {
        return Propagation.extract(headers(pairs));
    }

    @Test
    void readsW3cAsTheSpecificationShowsIt() {
        var found = extract("traceparent", "00-" + TRACE + "-" + SPAN + "-01");
        assertThat(found.traceId()).isEqualTo(TRACE);
        assertThat(found.spanId()).isEqualTo(SPAN);
        assertThat(found.sampled()).isTrue();
        assertThat(extract("traceparent", "00-" + TRACE + "-" + SPAN + "-00").sampled()).isFalse();
        assertThat(extract("traceparent", "cc-" + TRACE + "-" + SPAN + "-01-what").traceId())
                .as("a later version may go on")
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"
            })
    void anIllFormedTraceparentCountsAsAbsent(String value) {
        assertThat(extract("traceparent", value).traceId()).isEmpty();
    }

    @Test
    void readsB3InOneHeader() {
        var full = extract("b3", TRACE + "-" + SPAN + "-1-05e3ac9a4f6e3b90");
        assertThat(full.traceId()).isEqualTo(TRACE);
        assertThat(full.sampled()).isTrue();
        assertThat(extract("b3", "a3ce929d0e0e4736-" + SPAN + "-0").traceId())
                .isEqualTo("0000000000000000a3ce929d0e0e4736");
        assertThat(extract("b3", TRACE + "-" + SPAN).decided()).isFalse();
        assertThat(extract("b3", "0").decided()).isTrue();
        assertThat(extract("b3", "d").sampled()).isTrue();
        assertThat(extract("b3", "nonsense").decided()).isFalse();
    }

    @Test
    void readsB3InSeveralHeaders() {
        var found = extract("X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, "X-B3-Sampled", "1");
        assertThat(found.traceId()).isEqualTo(TRACE);
        assertThat(found.sampled()).isTrue();
        assertThat(extract("X-B3-TraceId", TRACE, "X-B3-SpanId", SPAN, "X-B3-Flags", "1").debug())
                .isTrue();
        assertThat(extract("X-B3-Sampled", "0").decided()).isTrue();
    }

    @Test
    void readsJaegersHeader() {
        var found = extract("uber-trace-id", "a3ce929d0e0e4736:67aa0ba902b7:0:1");
        assertThat(found.traceId()).isEqualTo("0000000000000000a3ce929d0e0e4736");
        assertThat(found.spanId()).isEqualTo("000067aa0ba902b7");
        assertThat(found.sampled()).isTrue();
        assertThat(extract("uber-trace-id", TRACE + ":" + SPAN + ":0:3").debug()).isTrue();
        assertThat(extract("uber-trace-id", TRACE + "%3A" + SPAN + "%3A0%3A0").decided()).isTrue();
        assertThat(extract("jaeger-debug-id", "ticket-7").sampled()).isTrue();
    }

    @Test
    void passesAContextThatIsNotSampledOnUnchanged() {
        HttpHeaders in =
                headers("traceparent", "00-" + TRACE + "-" + SPAN + "-00", "tracestate", "a=b");
        TraceContext context = silent(ALL).start(in, true);
        assertThat(context.traceId()).isEqualTo(TRACE);
        assertThat(context.span()).isNull();
        assertThat(in.get("traceparent")).isEqualTo("00-" + TRACE + "-" + SPAN + "-00");
        assertThat(in.get("tracestate")).isEqualTo("a=b");
    }

    @Test
    void aNewTraceCarriesTheDecisionNotToSample() {
        HttpHeaders in = headers("tracestate", "orphan=1");
        TraceContext context = silent(NONE).start(in, true);
        assertThat(in.get("traceparent"))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00")
                .contains(context.traceId());
        assertThat(in.contains("tracestate")).isFalse();
        assertThat(in.get("x-request-id")).matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-.*");
    }

    @Test
    void anExistingRequestIdStays() {
        HttpHeaders in = headers("x-request-id", "mine");
        silent(NONE).start(in, true);
        assertThat(in.get("x-request-id")).isEqualTo("mine");
    }

    @Test
    void samplesAsManyAsConfigured() {
        Tracing tenPercent = new Tracing(true, Fraction.ofPercent(10), List.of());
        int[] next = {0};
        Spans spans =
                new Spans(
                        Tracer.NOOP,
                        SampleExchange.local(),
                        tenPercent,
                        bound -> next[0] * (bound / 100),
                        Map.of());
        int sampled = 0;
        for (next[0] = 0; next[0] < 100; next[0]++) {
            sampled += spans.start(headers(), true).sampled() ? 1 : 0;
        }
        assertThat(sampled).isEqualTo(10);
    }

    @Test
    void aSampledExchangeIsExportedOverOtlpAndContinuedInEveryFormTheCallerUsed() throws Exception {
        List<String> received = new CopyOnWriteArrayList<>();
        HttpServer collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    received.add(
                            exchange.getRequestURI()
                                    + " "
                                    + new String(body, StandardCharsets.ISO_8859_1));
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        collector.start();
        String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (OtlpExport export =
                new OtlpExport(OtlpSettings.to(endpoint), SampleExchange.local(), registry)) {
            Tracing tracing =
                    new Tracing(
                            true,
                            Fraction.ALL,
                            List.of(
                                    new Tracing.CustomTag.Header("user_id", "x-user-id", ""),
                                    new Tracing.CustomTag.Literal("stage", "test-stage")));
            Spans spans = new Spans(export.tracer(), SampleExchange.local(), tracing);
            SampleExchange exchange = new SampleExchange();
            exchange.requestHeaders
                    .set("x-user-id", "user-4711")
                    .set("x-b3-traceid", TRACE)
                    .set("x-b3-spanid", SPAN)
                    .set("x-b3-sampled", "1");
            exchange.trace = spans.start(exchange.requestHeaders, true);
            assertThat(exchange.trace.traceId()).isEqualTo(TRACE);
            assertThat(exchange.trace.parentSpanId()).isEqualTo(SPAN);
            assertThat(exchange.requestHeaders.get("traceparent"))
                    .isEqualTo("00-" + TRACE + "-" + exchange.trace.spanId() + "-01");
            assertThat(exchange.requestHeaders.get("x-b3-spanid"))
                    .isEqualTo(exchange.trace.spanId())
                    .isNotEqualTo(SPAN);
            assertThat(exchange.requestHeaders.get("x-b3-parentspanid")).isEqualTo(SPAN);
            spans.finished(exchange);
            Objects.requireNonNull(export.logSink()).write("one access log line\n");
            Await.until("span", () -> received.stream().anyMatch(r -> r.startsWith("/v1/traces")));
            Await.until("log", () -> received.stream().anyMatch(r -> r.startsWith("/v1/logs")));
        } finally {
            collector.stop(0);
        }
        assertThat(received)
                .anySatisfy(request ->
                        assertThat(request)
                                .startsWith("/v1/traces")
                                .contains("blog-api.blog")
                                .contains("user-4711")
                                .contains("test-stage")
                                .contains("istio.canonical_revision")
                                .contains("http.status_code"))
                .anySatisfy(request ->
                        assertThat(request).startsWith("/v1/logs").contains("one access log line"));
    }
}
