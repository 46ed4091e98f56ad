package io.weft.dataplane.telemetry.otlp;

import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weft.dataplane.GatewayBinding;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.UpstreamBinding;
import io.weft.dataplane.telemetry.AccessLogWriter;
import io.weft.dataplane.telemetry.CompositeExchangeLog;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.LocalWorkload;
import io.weft.dataplane.telemetry.MeshMetrics;
import io.weft.dataplane.telemetry.Spans;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.model.AppProtocol;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.cluster.Endpoint;
import io.weft.model.listener.GatewayServer;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Timeouts;
import io.weft.model.telemetry.AccessLog;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sidecars with all their telemetry; each has what it writes and counts at hand. */
final class ObservedMesh implements AutoCloseable {

    static final String SERVICE = "server.ns:8080";

    final MeshPair mesh = new MeshPair();

    /** A sidecar and what it records. */
    record Sidecar(MeshPair.Node node, MeshMetrics metrics, ByteArrayOutputStream out) {

        String log() {
            return out.toString(StandardCharsets.UTF_8);
        }

        /** The value of a series whose line holds all these texts; 0 when there is none. */
        double count(String metric, String... texts) {
            return metrics.scrape()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{"))
                    .filter(line -> List.of(texts).stream().allMatch(line::contains))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        }
    }

    static Telemetry telemetry(Tracing tracing, String... lines) {
        List<AccessLog> logs =
                List.of(lines).stream()
                        .map(line ->
                                new AccessLog(
                                        line.startsWith("otel ") ? "otel" : "stdout",
                                        line.startsWith("otel ")
                                                ? new AccessLog.Format.Json(
                                                        Map.of(
                                                                "path", "%REQ(:PATH)%",
                                                                "code", "%RESPONSE_CODE%"))
                                                : new AccessLog.Format.Text(line),
                                        "",
                                        Resources.ORIGIN))
                        .toList();
        return new Telemetry(logs, tracing, Metrics.DEFAULT);
    }

    private record Recorded(
            CompositeExchangeLog log, MeshMetrics metrics, ByteArrayOutputStream out) {}

    private Recorded recorded(String name, OtlpSettings otlp, Duration patience) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        LocalWorkload local =
                new LocalWorkload(
                        new WorkloadId("ns", name),
                        mesh.id(name),
                        Map.of("app", name, "version", "v1"),
                        "Kubernetes",
                        "mesh");
        MeshMetrics metrics = new MeshMetrics(registry, local);
        OtlpExport export =
                mesh.closing(
                        new OtlpExport(otlp, local, registry, Duration.ofMillis(50), patience));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineSink records = export.logSink();
        Map<String, LineSink> sinks =
                records == null
                        ? Map.of("stdout", LineSink.to(out))
                        : Map.of("stdout", LineSink.to(out), "otel", records);
        AccessLogWriter writer = mesh.closing(new AccessLogWriter(sinks));
        metrics.accessLogDrops(writer);
        CompositeExchangeLog log =
                new CompositeExchangeLog(
                        metrics, writer, new Spans(export.tracer(), local, Tracing.DEFAULT));
        return new Recorded(log, metrics, out);
    }

    /** A sidecar before an application. */
    Sidecar server(
            String name, int app, AppProtocol protocol, OtlpSettings otlp, Telemetry telemetry) {
        Recorded recorded = recorded(name, otlp, Duration.ofSeconds(10));
        MeshPair.Node node =
                mesh.start(
                        name,
                        recorded.log(),
                        s -> s.inbound(InboundBinding.of(8080, "p", protocol, app)));
        node.source()
                .publish(
                        set(
                                with(
                                        workload(
                                                name,
                                                OutboundPolicy.ALLOW_ANY,
                                                port(
                                                        8080,
                                                        protocol,
                                                        MtlsMode.PERMISSIVE,
                                                        AuthzProgram.ALLOW_ALL)),
                                        telemetry)));
        return new Sidecar(node, recorded.metrics(), recorded.out());
    }

    /** A sidecar that calls another, at the port that {@link #entrance} tells. */
    Sidecar client(
            String name,
            Sidecar server,
            String serverName,
            AppProtocol protocol,
            OtlpSettings otlp,
            Telemetry telemetry,
            Duration patience) {
        Recorded recorded = recorded(name, otlp, patience);
        MeshPair.Node node =
                mesh.start(name, recorded.log(), s -> s.upstream(new UpstreamBinding(SERVICE, 0)));
        node.source()
                .publish(
                        set(
                                with(workload(name, OutboundPolicy.ALLOW_ANY), telemetry),
                                protocol.mayBeHttp()
                                        ? table(
                                                SERVICE,
                                                protocol,
                                                route(
                                                        Match.ALWAYS,
                                                        List.of(),
                                                        Timeouts.NONE,
                                                        null,
                                                        to(8080, "", 1)))
                                        : Resources.tcp(SERVICE, protocol, 8080),
                                cluster(8080, protocol),
                                endpoints(
                                        8080,
                                        endpoint(
                                                "server-0",
                                                Objects.requireNonNull(
                                                        server.node()
                                                                .plane()
                                                                .inboundPorts()
                                                                .get(8080)),
                                                mesh.id(serverName),
                                                Map.of()))));
        return new Sidecar(node, recorded.metrics(), recorded.out());
    }

    /** A gateway for {@code server.ns} before a sidecar. */
    Sidecar gateway(Sidecar server, String serverName, OtlpSettings otlp, Telemetry telemetry) {
        Recorded recorded = recorded("gateway", otlp, Duration.ofSeconds(10));
        MeshPair.Node node =
                mesh.start(
                        "gateway",
                        recorded.log(),
                        s -> s.gatewayPort(new GatewayBinding(80, 0)).outboundPort(-1));
        WorkloadConfig base = with(workload("gateway", OutboundPolicy.ALLOW_ANY), telemetry);
        GatewayServer listener =
                new GatewayServer(
                        "http",
                        80,
                        GatewayServer.Protocol.HTTP,
                        List.of("*"),
                        null,
                        false,
                        "gateway:80",
                        Resources.ORIGIN);
        node.source()
                .publish(
                        set(
                                new WorkloadConfig(
                                        base.workload(),
                                        base.trustDomain(),
                                        base.trustDomainAliases(),
                                        base.pathNormalization(),
                                        base.outboundPolicy(),
                                        base.inbound(),
                                        base.undeclared(),
                                        List.of(listener),
                                        base.gatewayJwt(),
                                        base.gatewayAuthz(),
                                        base.trustedProxies(),
                                        base.externalAuthorizers(),
                                        telemetry),
                                table(
                                        "gateway:80",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                null,
                                                to(8080, "", 1))),
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(8080, meshed(server, serverName))));
        return new Sidecar(node, recorded.metrics(), recorded.out());
    }

    private Endpoint meshed(Sidecar server, String name) {
        return endpoint(
                name + "-0",
                Objects.requireNonNull(server.node().plane().inboundPorts().get(8080)),
                mesh.id(name),
                Map.of());
    }

    static int gatewayPort(Sidecar gateway) {
        return Objects.requireNonNull(gateway.node().plane().gatewayPorts().get(80));
    }

    static int entrance(Sidecar client) {
        return Objects.requireNonNull(client.node().plane().upstreamPorts().get(SERVICE));
    }

    private static WorkloadConfig with(WorkloadConfig base, Telemetry telemetry) {
        return new WorkloadConfig(
                base.workload(),
                base.trustDomain(),
                base.trustDomainAliases(),
                base.pathNormalization(),
                base.outboundPolicy(),
                base.inbound(),
                base.undeclared(),
                base.servers(),
                base.gatewayJwt(),
                base.gatewayAuthz(),
                base.trustedProxies(),
                base.externalAuthorizers(),
                telemetry);
    }

    @Override
    public void close() throws Exception {
        mesh.close();
    }
}
