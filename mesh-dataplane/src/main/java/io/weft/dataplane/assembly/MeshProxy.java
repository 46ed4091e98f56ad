package io.weft.dataplane.assembly;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.weft.dataplane.DataPlane;
import io.weft.dataplane.DataPlaneExtensions;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.admin.AdminPages;
import io.weft.dataplane.admin.AdminServer;
import io.weft.dataplane.admin.AdminSettings;
import io.weft.dataplane.admin.AdminSurface;
import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.config.ControlPlaneSettings;
import io.weft.dataplane.config.ControlPlaneSource;
import io.weft.dataplane.config.FileSource;
import io.weft.dataplane.config.LastGoodState;
import io.weft.dataplane.identity.JoinException;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.identity.SvidKeeper;
import io.weft.dataplane.identity.SvidStore;
import io.weft.dataplane.identity.TokenClient;
import io.weft.dataplane.overload.MemoryUse;
import io.weft.dataplane.shared.RedisCounters;
import io.weft.dataplane.shared.SharedCounters;
import io.weft.dataplane.statistics.ClusterStatistics;
import io.weft.dataplane.telemetry.AccessLogWriter;
import io.weft.dataplane.telemetry.CompositeExchangeLog;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.LocalWorkload;
import io.weft.dataplane.telemetry.MeshMetrics;
import io.weft.dataplane.telemetry.Spans;
import io.weft.dataplane.telemetry.otlp.OtlpExport;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.dataplane.workloadapi.WorkloadApi;
import io.weft.model.telemetry.Tracing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running sidecar or gateway with all that belongs to it. Thread-safe. */
public final class MeshProxy implements AutoCloseable {

    /** A request waits no longer for a count of all proxies. */
    private static final Duration REDIS_PATIENCE = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(MeshProxy.class);
    private static final String MESH_ID = "cluster.local";

    /** What has been started, closed in the opposite order. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final Map<AdminSurface, Integer> ports = new ConcurrentHashMap<>();
    private final MeshTls tls;
    private final @Nullable SvidKeeper keeper;
    private final MeshMetrics metrics;
    private final DataPlane plane;
    private volatile @Nullable DataPlane running;

    private MeshProxy(ProxySettings settings) throws JoinException, InterruptedException {
        try {
            DataPlaneSettings self = settings.plane();
            keeper = keeper(settings);
            tls = tls(settings, keeper);
            LocalWorkload local =
                    new LocalWorkload(
                            self.workload(),
                            self.identity(),
                            self.labels(),
                            self.cluster(),
                            MESH_ID);
            PrometheusMeterRegistry registry =
                    new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            metrics = new MeshMetrics(registry, local);
            metrics.certificate(() -> tls.svid().notBefore(), () -> tls.svid().notAfter());
            CompositeExchangeLog log = telemetry(settings, local, registry);
            ClusterStatistics statistics = new ClusterStatistics(this::clusters);
            registry.getPrometheusRegistry().register(statistics);
            Observers observers =
                    new Observers(tls, log, statistics, settings.check(), settings.applied());
            TrafficReporter reporter = new TrafficReporter(metrics.traffic(), tls);
            ConfigSource source = new CheckedSource(source(settings, reporter), observers::around);
            DataPlane made =
                    close(
                            DataPlane.start(
                                    self,
                                    new DataPlaneExtensions(
                                            source,
                                            tls,
                                            observed(
                                                    settings.telemetry() ? log : ExchangeLog.NONE,
                                                    settings),
                                            settings.clock(),
                                            settings.random(),
                                            settings.lane(),
                                            counters(settings),
                                            settings.login(),
                                            MemoryUse.ofProcess())));
            plane = made;
            running = made;
            metrics.load(plane.view());
            reporter.watch(plane);
            workloadApi(settings);
            administration(settings);
        } catch (JoinException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Joins the mesh where it has no certificate yet, binds every port and begins to serve as soon
     * as there is a configuration.
     *
     * @throws JoinException when there is no identity to be had; the message says why
     * @throws IllegalStateException when a port cannot be bound
     */
    public static MeshProxy start(ProxySettings settings)
            throws JoinException, InterruptedException {
        return new MeshProxy(settings);
    }

    private <T extends AutoCloseable> T close(T part) {
        started.push(part);
        return part;
    }

    private @Nullable SvidKeeper keeper(ProxySettings settings) {
        return settings.identity() instanceof IdentitySource.Joined joined
                ? close(
                        new SvidKeeper(
                                SvidStore.open(joined.stateDir(), settings.plane().identity()),
                                joined.settings(),
                                settings.clock()))
                : null;
    }

    private static MeshTls tls(ProxySettings settings, @Nullable SvidKeeper keeper)
            throws JoinException, InterruptedException {
        return switch (settings.identity()) {
            case IdentitySource.Joined joined ->
                    java.util.Objects.requireNonNull(keeper).start(joined.patience());
            case IdentitySource.Given given -> given.tls();
        };
    }

    /** A scrape may come before the data plane has been made. */
    private Collection<UpstreamCluster> clusters() {
        DataPlane now = running;
        return now == null ? List.of() : now.clusters();
    }

    private CompositeExchangeLog telemetry(
            ProxySettings settings, LocalWorkload local, PrometheusMeterRegistry registry) {
        Map<String, LineSink> sinks = new HashMap<>();
        sinks.put(AccessLogWriter.STDOUT, settings.accessLog());
        OtlpExport export = close(new OtlpExport(settings.otlp(), local, registry));
        LineSink records = export.logSink();
        if (records != null) {
            sinks.put("otel", records);
        }
        AccessLogWriter writer = close(new AccessLogWriter(sinks));
        metrics.accessLogDrops(writer);
        return new CompositeExchangeLog(
                metrics, writer, new Spans(export.tracer(), local, Tracing.DEFAULT));
    }

    private static ExchangeLog observed(ExchangeLog log, ProxySettings settings) {
        ExchangeLog observer = settings.observer();
        return observer == null ? log : new ObservedLog(log, observer);
    }

    private ConfigSource source(ProxySettings settings, TrafficReporter reporter) {
        return switch (settings.configuration()) {
            case ProxySettings.Configuration.Stream stream ->
                    new ControlPlaneSource(
                            ControlPlaneSettings.of(
                                    settings.plane().instance(), addresses(settings, stream)),
                            tls::controlPlaneClient,
                            settings.clock(),
                            stream.stateDir() == null ? null : new LastGoodState(stream.stateDir()),
                            metrics.connectionObserver(),
                            reporter);
            case ProxySettings.Configuration.File file ->
                    new FileSource(file.file(), settings.clock());
            case ProxySettings.Configuration.Source given -> given.made().apply(metrics);
        };
    }

    private static List<String> addresses(
            ProxySettings settings, ProxySettings.Configuration.Stream stream) {
        if (!stream.addresses().isEmpty()
                || !(settings.identity() instanceof IdentitySource.Joined joined)) {
            return stream.addresses();
        }
        return SvidStore.open(joined.stateDir(), settings.plane().identity())
                .current()
                .map(SvidStore.Held::controlPlane)
                .orElse(List.of());
    }

    private void workloadApi(ProxySettings settings) {
        if (settings.workloadApi() == null) {
            return;
        }
        List<String> addresses =
                settings.configuration() instanceof ProxySettings.Configuration.Stream stream
                        ? addresses(settings, stream)
                        : List.of();
        close(
                WorkloadApi.start(
                        settings.workloadApi(),
                        tls,
                        new TokenClient(tls, addresses, settings.clock()),
                        settings.clock()));
    }

    private static SharedCounters counters(ProxySettings settings) {
        String url = settings.redisUrl();
        return url == null
                ? SharedCounters.none()
                : RedisCounters.of(url, REDIS_PATIENCE, settings.clock());
    }

    private void administration(ProxySettings settings) {
        ProxyAdminView view = new ProxyAdminView(plane, tls, keeper, metrics);
        bind(AdminSurface.ADMIN, "127.0.0.1", settings.ports().admin(), view);
        bind(AdminSurface.HEALTH, settings.plane().address(), settings.ports().health(), view);
        bind(AdminSurface.METRICS, settings.plane().address(), settings.ports().metrics(), view);
    }

    private void bind(AdminSurface surface, String host, int port, ProxyAdminView view) {
        if (port < 0) {
            return;
        }
        try {
            AdminServer server =
                    close(AdminServer.start(new AdminSettings(host, port, surface, false), view));
            ports.put(surface, server.port());
        } catch (IOException e) {
            throw new IllegalStateException(
                    surface + " port " + port + " cannot be bound: " + e.getMessage(), e);
        }
    }

    /**
     * Offers administration on loopback, after the start and with pages of the caller's own. Closed
     * with the proxy.
     *
     * @param port 0 takes a free one
     * @return the port
     * @throws IOException when it cannot be bound
     */
    public synchronized int administration(int port, AdminPages pages) throws IOException {
        AdminServer server =
                close(
                        AdminServer.start(
                                AdminSettings.admin(port),
                                new ProxyAdminView(plane, tls, keeper, metrics),
                                pages));
        ports.put(AdminSurface.ADMIN, server.port());
        return server.port();
    }

    /** The port of a surface, -1 when it has none. */
    public int port(AdminSurface surface) {
        return ports.getOrDefault(surface, -1);
    }

    public DataPlane plane() {
        return plane;
    }

    public MeshTls tls() {
        return tls;
    }

    public MeshMetrics metrics() {
        return metrics;
    }

    /** Certificates as pages show them: identity, serial, validity, provider, trust domains. */
    public CertificatesView certificates() {
        return CertificatesView.of(tls, keeper);
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable part = started.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close: {}", part.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
