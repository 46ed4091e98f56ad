package io.weft.dataplane.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.weft.dataplane.config.ConnectionObserver;
import io.weft.dataplane.telemetry.traffic.TrafficRecorder;
import io.weft.dataplane.view.DataPlaneView;
import io.weft.model.telemetry.Metrics;
import io.weft.model.wire.TrafficReport.EdgeKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard metrics, with the names, labels and buckets that dashboards know, and the
 * proxy's own {@code weft_*}. The meters of an exchange are found by one look-up in a map; labels
 * are only made for the first of a kind. They are made with the Prometheus client in the registry's
 * own collection, since Micrometer would rename them and measure in seconds. Thread-safe.
 */
public final class MeshMetrics implements ExchangeLog {

    private static final int MAX_CACHED = 20_000;
    private static final int MAX_PEERS = 1_000;
    private static final String GRPC = "application/grpc";

    private final PrometheusMeterRegistry registry;
    private final LocalWorkload self;
    private final BoundedValues<PeerMetadata> peers;
    private final TrafficRecorder traffic = new TrafficRecorder();
    private final Fates fates = new Fates(traffic.fates());
    private final AtomicInteger connected = new AtomicInteger();
    private Metrics configured = Metrics.DEFAULT;
    private volatile InForce inForce;

    /** A plan with its families, and the series made from them. */
    private record InForce(
            MetricPlan plan,
            Map<StandardMetric, MetricFamily> families,
            Map<SeriesKey, Series> series) {}

    public MeshMetrics(PrometheusMeterRegistry registry, LocalWorkload self) {
        this.registry = registry;
        this.self = self;
        this.peers = new BoundedValues<>(MAX_PEERS, overflow("peer"));
        this.inForce = build(plan(Metrics.DEFAULT), Map.of());
    }

    /** Uses other overrides from the next exchange on; a metric whose labels change starts anew. */
    public synchronized void update(Metrics metrics) {
        if (metrics.equals(configured)) {
            // Endpoints change far more often than this: what was resolved stays.
            return;
        }
        configured = metrics;
        inForce = build(plan(metrics), inForce.families());
    }

    private MetricPlan plan(Metrics metrics) {
        return MetricPlan.compile(metrics, this::overflow);
    }

    private Runnable overflow(String tag) {
        Counter counter =
                Counter.builder("weft_metric_tag_overflow")
                        .description("Values of tags that were counted as other")
                        .tag("tag", tag)
                        .register(registry);
        return counter::increment;
    }

    private InForce build(MetricPlan plan, Map<StandardMetric, MetricFamily> before) {
        Map<StandardMetric, MetricFamily> families = new EnumMap<>(StandardMetric.class);
        for (StandardMetric metric : StandardMetric.values()) {
            List<String> labels = plan.labelNames(metric);
            MetricFamily old = before.get(metric);
            if (old != null && old.labelNames().equals(labels)) {
                families.put(metric, old);
                continue;
            }
            if (old != null) {
                old.unregister(registry.getPrometheusRegistry());
            }
            families.put(
                    metric,
                    MetricFamily.register(metric, labels, registry.getPrometheusRegistry()));
        }
        return new InForce(plan, families, new ConcurrentHashMap<>());
    }

    @Override
    public void finished(ExchangeView exchange) {
        Series series = series(exchange);
        if (exchange.http()) {
            series.http(exchange);
        } else {
            series.closed(exchange);
        }
        fates.finished(exchange, series);
    }

    @Override
    public void opened(ExchangeView connection) {
        series(connection).opened();
    }

    @Override
    public void progressed(ExchangeView connection) {
        series(connection).progressed(connection);
    }

    @Override
    public void count(Counted what, String name, String result) {
        Counter.builder(what.metric())
                .tag(what.label(), name)
                .tag("result", result)
                .register(registry)
                .increment();
    }

    private Series series(ExchangeView exchange) {
        InForce current = inForce;
        SeriesKey key = key(exchange, current.plan());
        Series found = current.series().get(key);
        if (found != null) {
            return found;
        }
        if (current.series().size() > MAX_CACHED) {
            // Endpoints come and go; the meters themselves stay in the registry.
            current.series().clear();
        }
        return current.series().computeIfAbsent(key, k -> resolve(k, current));
    }

    private SeriesKey key(ExchangeView exchange, MetricPlan plan) {
        boolean http = exchange.http();
        int grpc = http ? exchange.grpcStatus() : -1;
        return new SeriesKey(
                exchange.inbound(),
                exchange.destination(),
                exchange.peer(),
                peer(exchange),
                http ? exchange.status() : 0,
                grpc,
                exchange.responseFlags(),
                http ? grpc >= 0 || isGrpc(exchange) ? "grpc" : "http" : "tcp",
                exchange.mutualTls(),
                plan.tagValues(exchange));
    }

    private static boolean isGrpc(ExchangeView exchange) {
        String type = exchange.requestHeaders().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.startsWith(GRPC);
    }

    /** The peer's word is bounded: one that invents names must not fill the memory. */
    private PeerMetadata peer(ExchangeView exchange) {
        PeerMetadata told = exchange.peerMetadata();
        if (told == PeerMetadata.UNKNOWN || !exchange.inbound()) {
            return PeerMetadata.UNKNOWN;
        }
        return peers.admits(told) ? told : PeerMetadata.UNKNOWN;
    }

    private Series resolve(SeriesKey key, InForce current) {
        String[] standard = StandardLabels.values(key, self);
        Series series = new Series();
        EdgeKey edge = EdgeKeys.of(key, self);
        series.traffic(edge, traffic.counter(edge, key.status(), key.grpcStatus(), key.flags()));
        boolean tcp = key.protocol().equals("tcp");
        current.families()
                .forEach((metric, family) -> {
                    boolean fits =
                            metric.isTcp() == tcp
                                    && (!metric.isGrpc() || key.protocol().equals("grpc"));
                    if (fits && !current.plan().disabled(metric, key.inbound())) {
                        series.add(
                                metric,
                                family,
                                current.plan()
                                        .labelValues(metric, family.labelNames(), standard, key));
                    }
                });
        return series;
    }

    /** What the control plane's live picture is made from. */
    public TrafficRecorder traffic() {
        return traffic;
    }

    /** Counts what the configuration's connection does. */
    public ConnectionObserver connectionObserver() {
        Gauge.builder("weft_control_plane_connected", connected, AtomicInteger::get)
                .description("1 while the control plane's stream is open")
                .register(registry);
        Counter accepted =
                Counter.builder("weft_config_accepted")
                        .description("Configurations that came into force")
                        .register(registry);
        Counter refused =
                Counter.builder("weft_config_refused")
                        .description("Configurations and messages that were refused")
                        .register(registry);
        return new ConnectionObserver() {
            @Override
            public void connected(boolean now) {
                connected.set(now ? 1 : 0);
            }

            @Override
            public void accepted() {
                accepted.increment();
            }

            @Override
            public void refused() {
                refused.increment();
            }
        };
    }

    /** Shows from when to when the workload's certificate is good, in seconds since 1970. */
    public void certificate(
            Supplier<@Nullable Instant> notBefore, Supplier<@Nullable Instant> notAfter) {
        time(
                "weft_certificate_start_timestamp_seconds",
                "Since when the workload's certificate is good",
                notBefore);
        time(
                "weft_certificate_expiry_timestamp_seconds",
                "When the workload's certificate expires",
                notAfter);
    }

    private void time(String name, String description, Supplier<@Nullable Instant> when) {
        ToDoubleFunction<Supplier<@Nullable Instant>> seconds =
                supplier -> {
                    Instant at = supplier.get();
                    return at == null ? Double.NaN : at.getEpochSecond();
                };
        Gauge.builder(name, when, seconds)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Shows how much the proxy has to do. */
    public void load(DataPlaneView plane) {
        gauge("weft_downstream_connections", "Open connections", plane, DataPlaneView::connections);
        gauge("weft_requests_active", "Requests under way", plane, DataPlaneView::activeExchanges);
        gauge(
                "weft_overload_level",
                "0: all is well, 1: requests are refused, 2: connections are not accepted",
                plane,
                DataPlaneView::overloadLevel);
    }

    private void gauge(
            String name,
            String description,
            DataPlaneView plane,
            ToDoubleFunction<DataPlaneView> value) {
        Gauge.builder(name, plane, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Shows how many records of the access log were dropped. */
    public void accessLogDrops(AccessLogWriter writer) {
        FunctionCounter.builder("weft_access_log_dropped", writer, AccessLogWriter::dropped)
                .description("Records of the access log that were dropped")
                .register(registry);
    }

    /** Adds what the process tells of itself; for a proxy that has a process of its own. */
    public ProcessMetrics ofProcess() {
        return new ProcessMetrics(registry);
    }

    /** The text of {@code /stats/prometheus}. */
    public String scrape() {
        return registry.scrape();
    }
}
