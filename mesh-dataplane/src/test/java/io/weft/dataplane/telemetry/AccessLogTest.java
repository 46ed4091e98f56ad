package io.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Attributes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {

    private static final Origin ORIGIN =
            new Origin(Dialect.ISTIO, "Telemetry", "blog", "logs", "mesh/telemetry.yaml", 12);
    private static final String SEED =
            """
            [%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%"
            %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT%
            %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%"
            "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"
            """;

    private static String text(String template, ExchangeView exchange) {
        StringBuilder out = new StringBuilder();
        LogFormat.compile(new AccessLog.Format.Text(template)).appendTo(out, exchange);
        return out.toString();
    }

    private static String json(Map<String, String> fields, ExchangeView exchange) {
        StringBuilder out = new StringBuilder();
        LogFormat.compile(new AccessLog.Format.Json(fields)).appendTo(out, exchange);
        return out.toString();
    }

    @Test
    void theDefaultLineIsIstios() {
        assertThat(text("", new SampleExchange()))
                .isEqualTo(
                        "[2025-11-22T12:00:00.123Z] \"GET /api/v1/articles?page=2 HTTP/1.1\" 200 -"
                                + " via_upstream - \"-\" 17 421 12 11 \"10.1.2.3\" \"curl/8.5\""
                                + " \"6f1c7a3e-0000-4000-8000-000000000001\" \"blog-api:8080\""
                                + " \"127.0.0.1:8081\" inbound|8080|| - 10.0.0.1:8080 10.0.0.9:51234"
                                + " - default\n");
    }

    @Test
    void theSeedsFormatKeepsItsFourLines() {
        assertThat(text(SEED, new SampleExchange()))
                .isEqualTo(
                        """
                        [2025-11-22T12:00:00.123Z] "GET /api/v1/articles?page=2 HTTP/1.1"
                        200 - 17 421
                        12 11 "10.1.2.3"
                        "curl/8.5" "6f1c7a3e-0000-4000-8000-000000000001" "blog-api:8080" "127.0.0.1:8081"
                        """);
    }

    @Test
    void aRewrittenPathIsShownAsItCame() {
        SampleExchange exchange = new SampleExchange();
        exchange.path = "/rewritten";
        assertThat(text("%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %REQ(:PATH)%", exchange))
                .isEqualTo("/api/v1/articles?page=2 /rewritten\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "%REQ(USER-AGENT):4%;curl",
                "%REQ(absent)%;-",
                "%REQ(absent?user-agent)%;curl/8.5",
                "%RESP(Content-Type)%;application/json",
                "%TRAILER(x)%;-",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%;10.0.0.9",
                "%DOWNSTREAM_REMOTE_PORT%;51234",
                "%UPSTREAM_REMOTE_ADDRESS%;127.0.0.1:8081",
                "%DOWNSTREAM_PEER_URI_SAN%;spiffe://cluster.local/ns/blog/sa/web",
                "%START_TIME(%Y/%m/%d %H:%M:%S.%3f)%;2025/11/22 12:00:00.123",
                "%START_TIME(%s)%;1763812800",
                "%START_TIME(%FT%T.%6fZ)%;2025-11-22T12:00:00.123456Z",
                "100%%;100%",
                "%GRPC_STATUS%;-",
                "%REQUESTED_SERVER_NAME%;-",
                "%CONNECTION_TERMINATION_DETAILS%;-",
                "%TRACE_ID%;-",
                "%PATH(NQ:ORIG)%;/api/v1/articles",
                "%PATH(WQ)%;/api/v1/articles?page=2",
                "%QUERY_PARAM(page)%;2",
                "%REQ_WITHOUT_QUERY(:PATH)%;/api/v1/articles",
                "%EMIT_TIME(%FT%T.%3fZ)%;2025-11-22T12:00:00.135Z",
                "%RESPONSE_FLAGS_LONG%;-",
                "%DOWNSTREAM_TLS_VERSION%;-",
                "%DYNAMIC_METADATA(com.test:key)%;-",
                "%FILTER_STATE(key:PLAIN)%;-",
                "%CEL(request.method + ' ' + string(response.code))%;GET 200",
                "%CEL(has(request.headers.absent) ? 'there' : 'not there'):3%;not",
                "%REQUEST_HEADERS_BYTES%;101"
            })
    void operatorsSayWhatEnvoysSay(String template, String expected) {
        assertThat(text(template, new SampleExchange())).isEqualTo(expected + "\n");
    }

    @Test
    void jsonKeepsTypesAndSaysNullForWhatIsMissing() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("code", "%RESPONSE_CODE%");
        fields.put("ms", "%DURATION%");
        fields.put("agent", "%REQ(user-agent)%");
        fields.put("missing", "%REQ(absent)%");
        fields.put("text", "code %RESPONSE_CODE%");
        assertThat(json(fields, new SampleExchange()))
                .isEqualTo(
                        "{\"code\":200,\"ms\":12,\"agent\":\"curl/8.5\",\"missing\":null,"
                                + "\"text\":\"code 200\"}\n");
        assertThat(json(Map.of(), new SampleExchange()))
                .startsWith(
                        "{\"start_time\":\"2025-11-22T12:00:00.123Z\",\"route_name\":\"default\"")
                .contains("\"upstream_service_time\":\"11\"");
    }

    @Test
    void noRequestCanForgeALineOrAField() {
        SampleExchange exchange = new SampleExchange();
        exchange.originalPath = "/x\r\n[2025] \"GET /forged\u2028\u0085\u001b[31m";
        exchange.path = exchange.originalPath;
        String line = text("\"%REQ(:PATH)%\"", exchange);
        assertThat(line.strip().lines()).hasSize(1);
        assertThat(line)
                .isEqualTo("\"/x\\u000d\\u000a[2025] \\\"GET /forged\\u2028\\u0085\\u001b[31m\"\n");
        assertThat(json(Map.of("p", "%REQ(:PATH)%"), exchange).strip().lines()).hasSize(1);
    }

    @Test
    void anOperatorThatDoesNotExistIsRefusedWithItsOrigin() {
        try (AccessLogWriter writer =
                new AccessLogWriter(Map.of("stdout", LineSink.to(new ByteArrayOutputStream())))) {
            AccessLog log =
                    new AccessLog("stdout", new AccessLog.Format.Text("%NO_SUCH%"), "", ORIGIN);
            assertThatThrownBy(() -> writer.update(List.of(log)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mesh/telemetry.yaml:12")
                    .hasMessageContaining("%NO_SUCH%");
        }
        assertThatThrownBy(() -> text("%REQ(x", new SampleExchange()))
                .hasMessageContaining("closing %");
    }

    @Test
    void aLogOfOneSideLeavesTheOtherOut() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLogWriter writer = new AccessLogWriter(Map.of("stdout", LineSink.to(out)))) {
            writer.update(
                    List.of(
                            log("client", "").of(AccessLog.Side.CLIENT),
                            log("server", "").of(AccessLog.Side.SERVER),
                            log("both", "")));
            SampleExchange exchange = new SampleExchange();
            writer.finished(exchange);
            exchange.inbound = false;
            writer.finished(exchange);
        }
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("server", "both", "client", "both");
    }

    @Test
    void writesEveryFormatInOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AccessLogWriter writer = new AccessLogWriter(Map.of("stdout", LineSink.to(out)))) {
            writer.update(
                    List.of(
                            log("a %RESPONSE_CODE%", ""),
                            log("b %RESPONSE_CODE%", "response.code >= 500")));
            writer.finished(new SampleExchange());
            SampleExchange failed = new SampleExchange();
            failed.status = 503;
            writer.finished(failed);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a 200\na 503\nb 503\n");
    }

    @Test
    void whatAnExpressionSaysIsTakenAtTheEndOfTheExchange() throws Exception {
        StringBuffer out = new StringBuffer();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AccessLogWriter writer =
                new AccessLogWriter(Map.of("stdout", waiting(out, reached, go)), 8);
        writer.update(List.of(log("%CEL(request.path)%", "")));
        SampleExchange exchange = new SampleExchange();
        writer.finished(exchange);
        reached.await();
        writer.finished(exchange);
        exchange.path = "/later";
        go.countDown();
        writer.close();
        assertThat(out).hasToString("/api/v1/articles?page=2\n/api/v1/articles?page=2\n");
    }

    @Test
    void linesThatWaitAreInOrderWhicheverThreadMakesThem() throws Exception {
        StringBuffer out = new StringBuffer();
        StringBuilder expected = new StringBuilder();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AccessLogWriter writer =
                new AccessLogWriter(Map.of("stdout", waiting(out, reached, go)), 2_000);
        writer.update(List.of(log("%REQ(:PATH)% %RESPONSE_CODE%", "")));
        for (int i = 0; i < 1_000; i++) {
            SampleExchange exchange = new SampleExchange();
            exchange.path = "/" + i;
            writer.finished(exchange);
            expected.append("/").append(i).append(" 200\n");
            reached.await();
        }
        go.countDown();
        writer.close();
        assertThat(writer.dropped()).isZero();
        assertThat(out).hasToString(expected.toString());
    }

    /** Tells when the first line has come, and goes on when it may. */
    private static LineSink waiting(StringBuffer out, CountDownLatch reached, CountDownLatch go) {
        return text -> {
            reached.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.append(text);
        };
    }

    @Test
    void dropsAndCountsInsteadOfWaiting() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        LineSink slow = waiting(new StringBuffer(), reached, go);
        AccessLogWriter writer = new AccessLogWriter(Map.of("stdout", slow), 2);
        writer.update(List.of(log("x", "")));
        writer.finished(new SampleExchange());
        reached.await();
        for (int i = 0; i < 5; i++) {
            writer.finished(new SampleExchange());
        }
        assertThat(writer.dropped()).isEqualTo(3);
        go.countDown();
        writer.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "response.code >= 400;false",
                "response.code == 200 && request.method == 'GET';true",
                "response.code >= 400 || connection.mtls;true",
                "!(response.code < 300);false",
                "request.headers['user-agent'].startsWith('curl');true",
                "request.url_path.contains('/articles');true",
                "request.url_path == '/api/v1/articles';true",
                "'x-user-id' in request.headers;false",
                "has(response.grpc_status);false",
                "connection.mtls == true;true",
                "request.duration > duration('10ms');true",
                "request.duration > duration('13ms');false",
                "request.time < timestamp('2025-11-23T00:00:00Z');true",
                "response.code in [200, 204];true",
                "request.path.matches('^/api/v[0-9]+/');true",
                "request.query == 'page=2' && request.scheme == 'http';true",
                "request.headers['absent'] == 'x';false",
                "has(request.headers.absent) ? false : true;true",
                "request.headers.exists(name, name.startsWith('x-'));true",
                "!has(response.grpc_status) || response.grpc_status > 0;true",
                "source.principal.endsWith('/sa/web') && source.namespace == 'blog';true",
                "destination.port == 8080 && destination.labels['version'] == 'v1';true",
                "xds.route_name == 'default' && xds.cluster_name.startsWith('inbound|');true",
                "response.flags == 0 && weft.response_flags == '-';true",
                "string(response.code).startsWith('2');true",
                "request.useragent.lowerAscii().contains('curl');true"
            })
    void filtersAreCelAsIstioUsesIt(String expression, boolean expected) {
        assertThat(LogFilter.compile(expression).test(new SampleExchange())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "response.kode >= 400;x",
                "response.code >=;x",
                "'text';x",
                "size(request.path);x",
                "nobody.knows == 1;x",
                "response.code 400;x",
                "(;x",
                "a b;x"
            })
    void aFilterThatIsNotUnderstoodIsRefused(String expression, String ignored) {
        assertThatThrownBy(() -> LogFilter.compile(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("access log filter");
    }

    @Test
    void expressionsMayAskForWhatTheCompilerOfPoliciesLetsThrough() {
        assertThat(ExchangeAttributes.ROOTS.keySet()).isEqualTo(Attributes.BY_ROOT.keySet());
        Attributes.BY_ROOT.forEach((root, names) ->
                assertThat(Objects.requireNonNull(ExchangeAttributes.ROOTS.get(root)).keySet())
                        .as(root)
                        .isEqualTo(names));
    }

    private static AccessLog log(String template, String filter) {
        return new AccessLog("stdout", new AccessLog.Format.Text(template), filter, ORIGIN);
    }
}
