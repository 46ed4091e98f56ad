package io.weft.dataplane;

import io.netty.channel.EventLoopGroup;
import io.weft.dataplane.http.Counters;
import io.weft.dataplane.http.DirectClient;
import io.weft.dataplane.http.HttpServices;
import io.weft.dataplane.http.RouteRunner;
import io.weft.dataplane.lane.MeshClient;
import io.weft.dataplane.listener.Connections;
import io.weft.dataplane.listener.OutboundListener;
import io.weft.dataplane.listener.Proxy;
import io.weft.dataplane.overload.MemoryWatch;
import io.weft.dataplane.overload.Overload;
import io.weft.dataplane.snapshot.ConfigSnapshot;
import io.weft.dataplane.snapshot.DnsAddresses;
import io.weft.dataplane.snapshot.LiveConfig;
import io.weft.dataplane.snapshot.LocalApplication;
import io.weft.dataplane.snapshot.LocalProxy;
import io.weft.dataplane.snapshot.SnapshotCompiler;
import io.weft.dataplane.telemetry.PeerMetadata;
import io.weft.dataplane.upstream.Connector;
import io.weft.dataplane.upstream.HealthChecks;
import io.weft.dataplane.upstream.UpstreamCluster;
import io.weft.dataplane.upstream.UpstreamPools;
import io.weft.dataplane.view.DataPlaneView;
import io.weft.engine.SampleRequest;
import io.weft.engine.authz.AuthzEngine;
import io.weft.engine.authz.Permit;
import io.weft.engine.authz.Verdict;
import io.weft.engine.balance.Balancers;
import io.weft.engine.retry.RetryBudgets;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.wire.SidecarState;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A running proxy: its listeners, the configuration in force, and what is under way. Several may
 * live in one process and share an event loop group. Thread-safe.
 */
public final class DataPlane implements AutoCloseable {

    private static final long DRAIN_POLL_MILLIS = 20;

    private final DataPlaneSettings settings;
    private final DataPlaneExtensions extensions;
    private final EventLoopGroup group;
    private final boolean ownGroup;
    private final Counters counters = new Counters();
    private final Connections connections = new Connections();
    private final UpstreamPools pools;
    private final DnsAddresses dns = new DnsAddresses();
    private final LiveConfig config;
    private final Listeners listeners;
    private final MeshClient client;
    private final HealthChecks health;
    private final Overload overload;
    private final MemoryWatch memory;
    private volatile boolean ready = true;
    private volatile boolean closed;

    private DataPlane(DataPlaneSettings settings, DataPlaneExtensions extensions) {
        this.settings = settings;
        this.extensions = extensions;
        EventLoopGroup shared = settings.eventLoopGroup();
        this.ownGroup = shared == null;
        this.group = shared == null ? Transport.newGroup(settings.eventLoops()) : shared;
        Connector connector =
                new Connector(
                        Transport.channelType(group),
                        ownAddress(settings.address()),
                        extensions.tls(),
                        extensions.clock(),
                        settings.limits().handshakeTimeout());
        this.pools = new UpstreamPools(group, connector);
        this.overload = new Overload(settings.overload(), extensions.log());
        HttpServices services =
                new HttpServices(
                        settings.limits(),
                        extensions.clock(),
                        extensions.random(),
                        extensions.log(),
                        pools,
                        new RetryBudgets(extensions.clock()),
                        counters,
                        PeerMetadata.of(
                                        settings.workload().name(),
                                        settings.labels(),
                                        settings.cluster())
                                .format(),
                        extensions.shared(),
                        overload);
        SnapshotCompiler compiler =
                new SnapshotCompiler(
                        localProxy(settings),
                        extensions.clock(),
                        extensions.tls(),
                        new Balancers(extensions.clock(), extensions.random()),
                        dns);
        this.config =
                new LiveConfig(
                        compiler,
                        extensions.log(),
                        extensions.source(),
                        settings.limits().waitingRequests());
        dns.onChange(config::again);
        config.watch(connections::recheck);
        this.health = new HealthChecks(group.next(), pools, extensions.log());
        config.watch(snapshot -> health.update(snapshot.clusters()));
        Proxy proxy =
                new Proxy(
                        services,
                        config,
                        extensions.tls(),
                        new RouteRunner(extensions.lane()),
                        connections,
                        settings.routeWait(),
                        ownPermit(),
                        extensions.login());
        OutboundListener outbound = new OutboundListener(proxy);
        this.client = new DirectClient(group, services, outbound::phases, () -> closed);
        this.listeners =
                new Listeners(group, Transport.serverType(group), settings.address(), overload);
        try {
            listeners.bindAll(settings, proxy, outbound);
        } catch (IllegalStateException e) {
            stopGroup();
            throw e;
        }
        this.memory =
                new MemoryWatch(group.next(), overload, extensions.memory(), listeners::accepting);
    }

    /**
     * Binds every port, makes the proxy known to its configuration source and begins to take
     * configurations from it.
     *
     * @throws IllegalStateException when a port cannot be bound; it is named
     */
    public static DataPlane start(DataPlaneSettings settings, DataPlaneExtensions extensions) {
        DataPlane plane = new DataPlane(settings, extensions);
        extensions.source().register(plane.registration());
        for (UpstreamBinding upstream : settings.upstreams()) {
            extensions.source().want(upstream.destination());
        }
        extensions.source().start(plane.config);
        return plane;
    }

    private static LocalProxy localProxy(DataPlaneSettings settings) {
        List<LocalApplication> applications =
                settings.inbound().stream()
                        .map(port ->
                                new LocalApplication(
                                        port.port(),
                                        port.name(),
                                        port.protocol(),
                                        port.appAddress(),
                                        port.appPort()))
                        .toList();
        return new LocalProxy(
                settings.workload(),
                settings.identity(),
                settings.labels(),
                settings.locality(),
                applications);
    }

    /** Where it binds; what cannot be resolved will be told when it is bound. */
    private static InetAddress ownAddress(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            return InetAddress.getLoopbackAddress();
        }
    }

    /** What the own application sends needs no leave here: the receiver decides who may call it. */
    private static Permit ownPermit() {
        Verdict verdict =
                AuthzEngine.compile(AuthzProgram.ALLOW_ALL).decide(SampleRequest.tcp(0).build());
        if (verdict instanceof Verdict.Allowed allowed) {
            return allowed.permit();
        }
        throw new IllegalStateException("a program without layers allows");
    }

    /** Waits until the first configuration is in force; false when it was not in time. */
    public boolean awaitConfigured(Duration timeout) throws InterruptedException {
        return config.awaitConfigured(timeout);
    }

    /** Bound port of each workload port. */
    public Map<Integer, Integer> inboundPorts() {
        return Map.copyOf(listeners.inbound);
    }

    /** Bound port of the explicit proxy, -1 without one. */
    public int outboundPort() {
        return listeners.outbound;
    }

    /** Bound port that the application's captured connections come to, -1 without one. */
    public int capturePort() {
        return listeners.capture;
    }

    /** Bound port that captured connections to the application come to, -1 without one. */
    public int inboundCapturePort() {
        return listeners.captureInbound;
    }

    /** Bound port of each bound upstream, by its destination. */
    public Map<String, Integer> upstreamPorts() {
        return Map.copyOf(listeners.upstreams);
    }

    /** Bound port of each logical gateway port. */
    public Map<Integer, Integer> gatewayPorts() {
        return Map.copyOf(listeners.gateways);
    }

    /** What it says of itself to the control plane. */
    public Registration registration() {
        List<RegisteredPort> ports =
                settings.inbound().stream()
                        .map(port ->
                                new RegisteredPort(
                                        port.name(),
                                        port.port(),
                                        port.protocol(),
                                        listeners.inbound.getOrDefault(port.port(), 0)))
                        .toList();
        return new Registration(
                settings.instance(),
                settings.workload(),
                settings.serviceAccount(),
                settings.labels(),
                settings.locality(),
                settings.cluster(),
                settings.address(),
                ports,
                settings.services(),
                settings.gateway(),
                ready,
                true,
                ProgramVersion.get());
    }

    /**
     * Says whether traffic may come (the application's own readiness); registered when it changes.
     */
    public synchronized void ready(boolean now) {
        if (ready != now) {
            ready = now;
            extensions.source().register(registration());
        }
    }

    /** Whether traffic may come: configured, not draining, and not said otherwise. */
    public boolean isReady() {
        return ready && config.current() != null && !counters.draining();
    }

    /** Pictures of its state, for administration pages. */
    public DataPlaneView view() {
        return new LiveView(this, settings, extensions);
    }

    /** Whether it is about to end. */
    public boolean isDraining() {
        return counters.draining();
    }

    /** The endpoints that it sends nothing to for now, and why. */
    public List<SidecarState.LeftOut> leftOut() {
        ConfigSnapshot current = config.current();
        return current == null
                ? List.of()
                : current.clusters().values().stream()
                        .flatMap(each -> each.leftOut().stream())
                        .toList();
    }

    /** The clusters in force; none before there is a configuration. */
    public Collection<UpstreamCluster> clusters() {
        ConfigSnapshot current = config.current();
        return current == null ? List.of() : current.clusters().values();
    }

    /** Sends requests of the own process into the mesh. */
    public MeshClient client() {
        return client;
    }

    @Nullable ConfigSnapshot snapshot() {
        return config.current();
    }

    int connectionCount() {
        return connections.count();
    }

    Overload overload() {
        return overload;
    }

    int activeExchanges() {
        return counters.exchanges();
    }

    /**
     * Stops receiving traffic: not ready any more, connections end with their next answer (GOAWAY
     * on HTTP/2). Ends when nothing is under way, at the latest after the timeout.
     */
    public CompletionStage<Void> drain(Duration timeout) {
        ready(false);
        counters.drain();
        connections.goAway();
        CompletableFuture<Void> drained = new CompletableFuture<>();
        awaitIdle(drained, System.nanoTime() + timeout.toNanos());
        return drained;
    }

    private void awaitIdle(CompletableFuture<Void> drained, long deadline) {
        if (counters.exchanges() == 0 || System.nanoTime() - deadline >= 0) {
            drained.complete(null);
            return;
        }
        group.schedule(
                () -> awaitIdle(drained, deadline), DRAIN_POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Accepts nothing new, drains for the time that the settings say, and lets everything go. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        listeners.close();
        try {
            drain(settings.drainTime())
                    .toCompletableFuture()
                    .get(settings.drainTime().toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // What did not finish in its time is closed now.
        }
        closed = true;
        extensions.source().close();
        extensions.shared().close();
        memory.close();
        health.close();
        dns.close();
        connections.closeAll();
        pools.close();
        stopGroup();
    }

    private void stopGroup() {
        if (ownGroup) {
            group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
