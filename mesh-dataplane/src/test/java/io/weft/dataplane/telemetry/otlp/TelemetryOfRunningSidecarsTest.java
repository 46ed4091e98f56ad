package io.weft.dataplane.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.dataplane.telemetry.otlp.ObservedMesh.Sidecar;
import io.weft.dataplane.testing.Await;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.route.Fraction;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Spans, logs and metrics of sidecars that serve, at receivers that work and that do not. */
class TelemetryOfRunningSidecarsTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final Tracing ALL = new Tracing(true, Fraction.ALL, List.of());
    private static final Tracing NONE = new Tracing(true, Fraction.NONE, List.of());
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ObservedMesh mesh = new ObservedMesh();

    @AfterEach
    void end() throws Exception {
        mesh.close();
    }

    private static String get(int port, String... headers) throws IOException {
        try (Wire wire = new Wire(port)) {
            String all = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            Wire.Reply reply =
                    wire.send(
                                    "GET /articles?x=1 HTTP/1.1\r\nhost: server.ns:8080\r\n"
                                            + all
                                            + "\r\n")
                            .reply();
            assertThat(reply.status()).isEqualTo(200);
            return reply.body();
        }
    }

    private TestApp app() {
        return mesh.mesh.closing(TestApp.http1(mesh.mesh.apps, seen -> TestApp.text(200, "ok")));
    }

    /** An application that calls on, with the headers of its request, as all that trace do. */
    private int callingOn(int next) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, next));
        server.start();
        mesh.mesh.closing(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int next) throws IOException {
        try (exchange) {
            String[] passed =
                    exchange.getRequestHeaders().entrySet().stream()
                            .filter(each ->
                                    each.getKey()
                                            .toLowerCase(Locale.ROOT)
                                            .matches(
                                                    "traceparent|tracestate|b3|x-b3-.*|uber-trace-id"))
                            .map(each -> each.getKey() + ": " + each.getValue().getFirst())
                            .toArray(String[]::new);
            byte[] body = get(next, passed).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** edge (calls) → middle (is called, its application calls on) → server (is called). */
    private int chain(Receiver receiver, Telemetry telemetry) throws IOException {
        OtlpSettings otlp = OtlpSettings.to(receiver.endpoint());
        Sidecar back = mesh.server("server", app().port(), AppProtocol.HTTP, otlp, telemetry);
        Sidecar calling =
                mesh.client("middle", back, "server", AppProtocol.HTTP, otlp, telemetry, PATIENCE);
        Sidecar called =
                mesh.server(
                        "middle",
                        callingOn(ObservedMesh.entrance(calling)),
                        AppProtocol.HTTP,
                        otlp,
                        telemetry);
        Sidecar edge =
                mesh.client("edge", called, "middle", AppProtocol.HTTP, otlp, telemetry, PATIENCE);
        return ObservedMesh.entrance(edge);
    }

    /** From the first service to the last, by the parents of the spans. */
    private static String way(Receiver receiver) {
        Map<String, Receiver.Seen> byId =
                receiver.spans().stream()
                        .collect(Collectors.toMap(Receiver.Seen::id, Function.identity()));
        Receiver.Seen at =
                receiver.spans().stream()
                        .filter(each -> each.service().equals("server.ns"))
                        .findFirst()
                        .orElseThrow();
        StringBuilder way = new StringBuilder(at.service());
        while (byId.containsKey(at.parent())) {
            at = byId.get(at.parent());
            way.insert(0, at.service() + " > ");
        }
        return way.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "traceparent: 00-" + TRACE + "-" + SPAN + "-01",
                "b3: " + TRACE + "-" + SPAN + "-1",
                "x-b3-traceid: " + TRACE + ",x-b3-spanid: " + SPAN + ",x-b3-sampled: 1",
                "uber-trace-id: " + TRACE + ":" + SPAN + ":0:1"
            })
    void oneTraceGoesThroughEverySidecarAndApplicationInEveryNotation(String headers)
            throws IOException {
        try (Receiver receiver = new Receiver()) {
            get(chain(receiver, ObservedMesh.telemetry(NONE)), headers.split(",", -1));
            Await.until("four spans", () -> receiver.spans().size() == 4);
            assertThat(receiver.spans()).allMatch(each -> each.trace().equals(TRACE));
            assertThat(way(receiver)).isEqualTo("edge.ns > middle.ns > middle.ns > server.ns");
            assertThat(receiver.spans())
                    .filteredOn(each -> each.service().equals("edge.ns"))
                    .singleElement()
                    .satisfies(each ->
                            assertThat(each.parent()).as("the caller's span").isEqualTo(SPAN));
        }
    }

    @Test
    void oneTraceBeginsAtTheGatewayAndGoesThroughSidecarsAndApplications() throws IOException {
        try (Receiver receiver = new Receiver()) {
            Telemetry telemetry = ObservedMesh.telemetry(NONE);
            OtlpSettings otlp = OtlpSettings.to(receiver.endpoint());
            Sidecar back = mesh.server("server", app().port(), AppProtocol.HTTP, otlp, telemetry);
            Sidecar calling =
                    mesh.client(
                            "middle", back, "server", AppProtocol.HTTP, otlp, telemetry, PATIENCE);
            Sidecar called =
                    mesh.server(
                            "middle",
                            callingOn(ObservedMesh.entrance(calling)),
                            AppProtocol.HTTP,
                            otlp,
                            telemetry);
            Sidecar gateway = mesh.gateway(called, "middle", otlp, ObservedMesh.telemetry(ALL));
            get(ObservedMesh.gatewayPort(gateway));
            Await.until("four spans", () -> receiver.spans().size() == 4);
            assertThat(receiver.spans().stream().map(Receiver.Seen::trace).distinct()).hasSize(1);
            assertThat(way(receiver)).isEqualTo("gateway.ns > middle.ns > middle.ns > server.ns");
        }
    }

    @Test
    void whatEachSideIsToldOfTracingHoldsForThatSide() throws IOException {
        Tracing silent = new Tracing(false, Fraction.NONE, List.of());
        Tracing plain =
                new Tracing(
                        true,
                        Fraction.ALL,
                        List.of(
                                new Tracing.CustomTag.Formatted(
                                        "code", "%RESPONSE_CODE% of %REQ(:METHOD)%"),
                                new Tracing.CustomTag.Header("long", "x-long", "")),
                        false);
        try (Receiver receiver = new Receiver()) {
            OtlpSettings otlp = OtlpSettings.to(receiver.endpoint());
            Telemetry both = new Telemetry(List.of(), silent, plain, Metrics.DEFAULT);
            Sidecar server = mesh.server("server", app().port(), AppProtocol.HTTP, otlp, both);
            Sidecar client =
                    mesh.client("client", server, "server", AppProtocol.HTTP, otlp, both, PATIENCE);
            get(ObservedMesh.entrance(client), "x-long: " + "x".repeat(5_000));
            Await.until("a span", () -> !receiver.spans().isEmpty());
            assertThat(receiver.spans())
                    .singleElement()
                    .satisfies(span -> {
                        assertThat(span.service()).isEqualTo("server.ns");
                        assertThat(span.tags())
                                .containsEntry("code", "200 of GET")
                                .containsEntry("long", "x".repeat(1_024))
                                .doesNotContainKeys("istio.mesh_id", "istio.canonical_service");
                    });
        }
    }

    @Test
    void nothingIsSampledAtZeroPercentUnlessJaegersDebugIdDemandsIt() throws IOException {
        Tracing tags =
                new Tracing(
                        true,
                        Fraction.NONE,
                        List.of(
                                new Tracing.CustomTag.Header("user_id", "x-user-id", "nobody"),
                                new Tracing.CustomTag.Literal("stage", "test")));
        try (Receiver receiver = new Receiver()) {
            int port = chain(receiver, ObservedMesh.telemetry(tags));
            for (int i = 0; i < 20; i++) {
                get(port);
            }
            get(port, "jaeger-debug-id: ticket-7", "x-user-id: ann");
            Await.until("four spans", () -> receiver.spans().size() == 4);
            assertThat(receiver.spans().stream().map(Receiver.Seen::trace).distinct()).hasSize(1);
            assertThat(receiver.spans())
                    .filteredOn(each -> each.service().equals("edge.ns"))
                    .singleElement()
                    .satisfies(each ->
                            assertThat(each.tags())
                                    .containsEntry("user_id", "ann")
                                    .containsEntry("stage", "test")
                                    .containsEntry("istio.canonical_service", "edge")
                                    .containsEntry("istio.canonical_revision", "v1")
                                    .containsEntry("istio.mesh_id", "mesh")
                                    .containsEntry("istio.namespace", "ns"));
        }
    }

    @Test
    void logsAndMetricsArriveWithTheirFieldsAndTheirTrace() throws IOException {
        try (Receiver receiver = new Receiver()) {
            OtlpSettings otlp =
                    OtlpSettings.to(receiver.endpoint())
                            .withMetrics(receiver.endpoint(), Duration.ofMillis(200));
            Telemetry telemetry = ObservedMesh.telemetry(ALL, "otel json");
            Sidecar server = mesh.server("server", app().port(), AppProtocol.HTTP, otlp, telemetry);
            get(
                    server.node().plane().inboundPorts().get(8080),
                    "traceparent: 00-" + TRACE + "-" + SPAN + "-01");
            Await.until("a record", () -> receiver.logs().size() == 1);
            var record = receiver.logs().getFirst();
            assertThat(Receiver.attributes(record.getAttributesList()))
                    .isEqualTo(Map.of("path", "/articles?x=1", "code", "200"));
            assertThat(java.util.HexFormat.of().formatHex(record.getTraceId().toByteArray()))
                    .isEqualTo(TRACE);
            Await.until(
                    "the histogram",
                    () ->
                            receiver.metrics().stream()
                                    .anyMatch(each ->
                                            each.getName()
                                                            .equals(
                                                                    "istio_request_duration_milliseconds")
                                                    && each.getHistogram().getDataPointsCount()
                                                            > 0));
            var histogram =
                    receiver.metrics().stream()
                            .filter(each ->
                                    each.getName().equals("istio_request_duration_milliseconds")
                                            && each.getHistogram().getDataPointsCount() > 0)
                            .findFirst()
                            .orElseThrow()
                            .getHistogram()
                            .getDataPoints(0);
            assertThat(histogram.getCount()).isEqualTo(1);
            assertThat(histogram.getExplicitBoundsList()).hasSize(19).contains(0.5, 3_600_000d);
            assertThat(receiver.metrics())
                    .anySatisfy(each -> {
                        assertThat(each.getName()).isEqualTo("istio_requests_total");
                        assertThat(each.getSum().getIsMonotonic()).isTrue();
                    });
            Await.until(
                    "sent is counted",
                    () -> server.count("weft_otlp_sent_total", "signal=\"logs\"") == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReceiverThatDoesNotWorkCostsNothingButItsDataWhichIsCounted(BadReceiver.Fault fault)
            throws IOException {
        try (BadReceiver receiver = new BadReceiver(fault)) {
            OtlpSettings otlp =
                    OtlpSettings.to(receiver.endpoint())
                            .withMetrics(receiver.endpoint(), Duration.ofMillis(200));
            Telemetry telemetry = ObservedMesh.telemetry(ALL, "otel json", "%RESPONSE_CODE%");
            Sidecar server =
                    mesh.server(
                            "server", app().port(), AppProtocol.HTTP, OtlpSettings.NONE, telemetry);
            Sidecar client =
                    mesh.client(
                            "client",
                            server,
                            "server",
                            AppProtocol.HTTP,
                            otlp,
                            telemetry,
                            Duration.ofMillis(400));
            for (int i = 0; i < 30; i++) {
                get(ObservedMesh.entrance(client));
            }
            assertThat(client.count("istio_requests_total", "reporter=\"source\"")).isEqualTo(30);
            Await.until("its own log is whole", () -> client.log().lines().count() == 30);
            for (String signal : List.of("traces", "logs", "metrics")) {
                Await.until(
                        signal + " are lost and counted",
                        () ->
                                client.count("weft_otlp_lost_total", "signal=\"" + signal + "\"")
                                        >= (signal.equals("metrics") ? 1 : 30));
                assertThat(client.count("weft_otlp_sent_total", "signal=\"" + signal + "\""))
                        .isZero();
            }
            assertThat(receiver.accepted()).isPositive();
            get(ObservedMesh.entrance(client));
        }
    }

    @Test
    void aReceiverThatIsNotThereIsNoneOfTheProxysBusiness() throws IOException {
        Telemetry telemetry = ObservedMesh.telemetry(ALL, "otel json");
        Sidecar server =
                mesh.server(
                        "server",
                        app().port(),
                        AppProtocol.HTTP,
                        OtlpSettings.to("http://127.0.0.1:1"),
                        telemetry);
        get(server.node().plane().inboundPorts().get(8080));
        Await.until(
                "the span is lost and counted",
                () -> server.count("weft_otlp_lost_total", "traces", "export") == 1);
    }

    @Test
    void whatACallerSendsNeitherForgesALineNorASeries() throws IOException {
        Telemetry telemetry =
                new Telemetry(
                        ObservedMesh.telemetry(
                                        NONE, "%REQ(x-evil)% \"%REQ(USER-AGENT)%\" %REQ(:PATH)%")
                                .accessLogs(),
                        NONE,
                        new Metrics(
                                List.of(
                                        new Metrics.Override(
                                                "ALL_METRICS",
                                                "CLIENT_AND_SERVER",
                                                false,
                                                List.of(
                                                        new io.weft.model.telemetry.Metrics
                                                                .TagChange(
                                                                "evil",
                                                                "request.headers['x-evil']")),
                                                io.weft.dataplane.testing.Resources.ORIGIN)),
                                10));
        Sidecar server =
                mesh.server("server", app().port(), AppProtocol.HTTP, OtlpSettings.NONE, telemetry);
        int port = server.node().plane().inboundPorts().get(8080);
        get(
                port,
                "x-evil: a\"} 1\\nistio_requests_total{forged=\"yes\\\\\u00e9\t",
                "user-agent: x\" 200 \"forged");
        Await.until("a line", () -> !server.log().isEmpty());
        assertThat(server.log().lines()).hasSize(1);
        assertThat(server.log()).contains("\"x\\\" 200 \\\"forged\"").doesNotContain("\t");
        List<String> series =
                server.metrics()
                        .scrape()
                        .lines()
                        .filter(line -> line.startsWith("istio_requests_total{"))
                        .toList();
        assertThat(series).singleElement().asString().contains("evil=\"a\\\"} 1\\\\n");
        assertThat(server.metrics().scrape().lines())
                .noneMatch(line -> line.startsWith("istio_requests_total{forged"));
        // A bare CR or LF in a value ends the request before anything is logged of it.
        try (Wire wire = new Wire(port)) {
            wire.send("GET / HTTP/1.1\r\nhost: server.ns\r\nx-evil: a\rb\r\n\r\n");
            assertThat(wire.readAll()).doesNotContain("200 OK");
        }
        assertThat(server.log().lines().filter(line -> line.contains("a\rb"))).isEmpty();
    }

    @Test
    void aLongConnectionIsCountedAsItGoesOn() throws Exception {
        try (ServerSocket application = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = application.accept()) {
                            socket.getInputStream().transferTo(socket.getOutputStream());
                        } catch (IOException e) {
                            // The test has ended.
                        }
                    });
            Sidecar server =
                    mesh.server(
                            "server",
                            application.getLocalPort(),
                            AppProtocol.TCP,
                            OtlpSettings.NONE,
                            ObservedMesh.telemetry(NONE));
            Sidecar client =
                    mesh.client(
                            "client",
                            server,
                            "server",
                            AppProtocol.TCP,
                            OtlpSettings.NONE,
                            ObservedMesh.telemetry(NONE),
                            PATIENCE);
            try (Wire wire = new Wire(ObservedMesh.entrance(client))) {
                wire.send("twelve bytes");
                assertThat(wire.read(12)).hasSize(12);
                for (Sidecar each : List.of(client, server)) {
                    Await.until(
                            "bytes of the open connection",
                            () -> each.count("istio_tcp_received_bytes_total") == 12);
                    assertThat(each.count("istio_tcp_sent_bytes_total")).isEqualTo(12);
                    assertThat(each.count("istio_tcp_connections_closed_total")).isZero();
                }
                wire.send("and more");
                assertThat(wire.read(8)).hasSize(8);
            }
            for (Sidecar each : List.of(client, server)) {
                Await.until("its end", () -> each.count("istio_tcp_connections_closed_total") == 1);
                assertThat(each.count("istio_tcp_received_bytes_total")).isEqualTo(20);
                assertThat(each.count("istio_tcp_sent_bytes_total")).isEqualTo(20);
            }
        }
    }

    @Test
    void theLogTellsTheTlsOfBothSides() throws IOException {
        String format =
                "%DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_TLS_CIPHER% %DOWNSTREAM_PEER_URI_SAN%"
                        + " %DOWNSTREAM_PEER_FINGERPRINT_256% %DOWNSTREAM_PEER_CERT_V_END(%Y)%"
                        + " %UPSTREAM_TLS_VERSION% %UPSTREAM_TLS_CIPHER% %UPSTREAM_LOCAL_ADDRESS%"
                        + " %CONNECTION_ID%";
        Telemetry telemetry = ObservedMesh.telemetry(NONE, format);
        Sidecar server =
                mesh.server("server", app().port(), AppProtocol.HTTP, OtlpSettings.NONE, telemetry);
        Sidecar client =
                mesh.client(
                        "client",
                        server,
                        "server",
                        AppProtocol.HTTP,
                        OtlpSettings.NONE,
                        telemetry,
                        PATIENCE);
        get(ObservedMesh.entrance(client));
        Await.until("both lines", () -> !server.log().isEmpty() && !client.log().isEmpty());
        assertThat(server.log())
                .matches(
                        "TLSv1\\.3 TLS_\\S+ spiffe://cluster\\.local/ns/ns/sa/client [0-9a-f]{64}"
                                + " \\d{4} - - 127\\.0\\.0\\.1:\\d+ \\S+\n");
        assertThat(client.log())
                .matches("- - - - - TLSv1\\.3 TLS_\\S+ 127\\.0\\.0\\.1:\\d+ \\S+\n");
    }
}
