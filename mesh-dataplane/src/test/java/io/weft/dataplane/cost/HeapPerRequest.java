package io.weft.dataplane.cost;

import static io.weft.dataplane.testing.Resources.cluster;
import static io.weft.dataplane.testing.Resources.endpoint;
import static io.weft.dataplane.testing.Resources.endpoints;
import static io.weft.dataplane.testing.Resources.port;
import static io.weft.dataplane.testing.Resources.route;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.table;
import static io.weft.dataplane.testing.Resources.to;
import static io.weft.dataplane.testing.Resources.workload;

import com.sun.management.ThreadMXBean;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.telemetry.AccessLogWriter;
import io.weft.dataplane.telemetry.CompositeExchangeLog;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.LocalWorkload;
import io.weft.dataplane.telemetry.MeshMetrics;
import io.weft.dataplane.telemetry.Spans;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.Resources;
import io.weft.model.AppProtocol;
import io.weft.model.WorkloadId;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.match.Match;
import io.weft.model.resource.WorkloadConfig;
import io.weft.model.route.Fraction;
import io.weft.model.route.Timeouts;
import io.weft.model.telemetry.Metrics;
import io.weft.model.telemetry.Telemetry;
import io.weft.model.telemetry.Tracing;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Counts what a request costs in heap on the event loops of two sidecars with mutual TLS between
 * them: exact, whatever else the machine does. A program, for it needs a JVM as sidecars have.
 */
final class HeapPerRequest implements AutoCloseable {

    private static final int CONNECTIONS = 16;
    private static final int WARM_UP = 40_000;
    private static final int COUNTED = 20_000;

    private static final String REQUEST =
            "GET /reviews/7?full=true HTTP/1.1\r\nHost: server.ns:8080\r\n"
                    + "User-Agent: load/1.0\r\nAccept: */*\r\n\r\n";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final MeshPair mesh = new MeshPair();

    /** Prints {@code client BYTES} and {@code server BYTES}. */
    public static void main(String[] arguments) throws Exception {
        try (HeapPerRequest count = new HeapPerRequest()) {
            count.run();
        }
    }

    private void run() throws Exception {
        try (RawLoad app = new RawLoad()) {
            Set<Long> others = loops();
            MeshPair.Node server = startServer(app.port());
            Set<Long> servers = loopsWithout(others);
            others = loops();
            MeshPair.Node client = mesh.start("client", telemetry("client"), s -> s);
            Set<Long> clients = loopsWithout(others);
            call(client, server.plane().inboundPorts().get(8080));

            int port = client.plane().outboundPort();
            RawLoad.send(port, REQUEST, CONNECTIONS, WARM_UP);
            long serverBefore = allocated(servers);
            long clientBefore = allocated(clients);
            RawLoad.send(port, REQUEST, CONNECTIONS, COUNTED);
            System.out.println("client " + (allocated(clients) - clientBefore) / COUNTED);
            System.out.println("server " + (allocated(servers) - serverBefore) / COUNTED);
        }
    }

    private MeshPair.Node startServer(int appPort) {
        MeshPair.Node server =
                mesh.start(
                        "server",
                        telemetry("server"),
                        s -> s.inbound(InboundBinding.of(8080, "http", AppProtocol.HTTP, appPort)));
        server.source()
                .publish(
                        set(
                                untraced(
                                        workload(
                                                "server",
                                                OutboundPolicy.ALLOW_ANY,
                                                port(
                                                        8080,
                                                        AppProtocol.HTTP,
                                                        MtlsMode.STRICT,
                                                        AuthzProgram.ALLOW_ALL)))));
        return server;
    }

    private void call(MeshPair.Node client, int meshPort) {
        client.source()
                .publish(
                        set(
                                untraced(workload("client", OutboundPolicy.ALLOW_ANY)),
                                table(
                                        "server.ns:8080",
                                        AppProtocol.HTTP,
                                        route(
                                                Match.ALWAYS,
                                                List.of(),
                                                Timeouts.NONE,
                                                Resources.DEFAULT_RETRY,
                                                to(8080, "", 1))),
                                cluster(8080, AppProtocol.HTTP),
                                endpoints(
                                        8080,
                                        endpoint("one", meshPort, mesh.id("server"), Map.of()))));
    }

    private static WorkloadConfig untraced(WorkloadConfig as) {
        return new WorkloadConfig(
                as.workload(),
                as.trustDomain(),
                as.trustDomainAliases(),
                as.pathNormalization(),
                as.outboundPolicy(),
                as.inbound(),
                as.undeclared(),
                as.servers(),
                as.gatewayJwt(),
                as.gatewayAuthz(),
                as.trustedProxies(),
                as.externalAuthorizers(),
                new Telemetry(
                        List.of(), new Tracing(false, Fraction.NONE, List.of()), Metrics.DEFAULT));
    }

    /** Metrics as they come; neither an access log nor traces. */
    private ExchangeLog telemetry(String name) {
        LocalWorkload self =
                new LocalWorkload(
                        new WorkloadId("ns", name),
                        mesh.id(name),
                        Map.of("app", name),
                        "cluster",
                        "");
        return new CompositeExchangeLog(
                new MeshMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), self),
                mesh.closing(new AccessLogWriter(Map.of(AccessLogWriter.STDOUT, text -> {}))),
                new Spans(Tracer.NOOP, self, new Tracing(false, Fraction.NONE, List.of())));
    }

    private Set<Long> loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("weft-proxy"))
                .map(Thread::threadId)
                .collect(Collectors.toSet());
    }

    /** The event loop that was started since. */
    private Set<Long> loopsWithout(Set<Long> others) {
        Set<Long> found = loops();
        found.removeAll(others);
        if (found.size() != 1) {
            throw new IllegalStateException("event loops: " + found + " (expected: one)");
        }
        return found;
    }

    private long allocated(Set<Long> ids) {
        return ids.stream().mapToLong(threads::getThreadAllocatedBytes).sum();
    }

    @Override
    public void close() throws Exception {
        mesh.close();
    }
}
