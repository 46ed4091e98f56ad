package io.weft.blog.launcher.mesh;

import io.weft.blog.launcher.topology.PortSpec;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.GatewayBinding;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.UpstreamBinding;
import io.weft.dataplane.assembly.IdentitySource;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.assembly.ProxyPorts;
import io.weft.dataplane.assembly.ProxySettings;
import io.weft.dataplane.identity.JoinException;
import io.weft.dataplane.identity.JoinSettings;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.otlp.OtlpSettings;
import io.weft.model.SpiffeId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Every proxy in this process, each with its own sockets, identity and configuration. */
public final class SharedProcessMesh implements MeshHost {

    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(20);
    private static final Duration DRAIN = Duration.ofMillis(500);

    private final Path work;
    private final JoinGrant grant;
    private final List<String> streams;
    private final String spans;
    private final Map<String, Running> proxies = new ConcurrentHashMap<>();

    private record Running(MeshProxy proxy, OutputStream accessLog) {}

    /**
     * @param work where state and access logs go
     * @param streams addresses of the control plane's streams
     * @param spans base address of an OTLP receiver
     */
    public SharedProcessMesh(Path work, JoinGrant grant, List<String> streams, String spans) {
        this.work = work;
        this.grant = grant;
        this.streams = List.copyOf(streams);
        this.spans = spans;
    }

    @Override
    public void start(ProxySpec proxy) {
        OutputStream log = openLog(proxy);
        try {
            MeshProxy started =
                    MeshProxy.start(
                            ProxySettings.of(
                                            dataPlane(proxy),
                                            identity(proxy),
                                            new ProxySettings.Configuration.Stream(
                                                    streams, stateDir(proxy)),
                                            new ProxyPorts(
                                                    proxy.adminPort(), -1, proxy.metricsPort()))
                                    .otlp(OtlpSettings.to(spans))
                                    .accessLog(LineSink.to(log))
                                    .build());
            proxies.put(proxy.instance(), new Running(started, log));
        } catch (JoinException e) {
            close(log);
            throw new IllegalStateException(
                    proxy.instance() + ": did not join the mesh: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            close(log);
            Thread.currentThread().interrupt();
            throw new IllegalStateException(proxy.instance() + ": interrupted", e);
        }
    }

    private DataPlaneSettings dataPlane(ProxySpec proxy) {
        DataPlaneSettings.Builder settings =
                DataPlaneSettings.forWorkload(proxy.workload().namespace(), proxy.workload().name())
                        .trustDomain(grant.trustDomain())
                        .serviceAccount(proxy.serviceAccount())
                        .instance(proxy.instance())
                        .labels(proxy.labels())
                        .outboundPort(-1)
                        .drainTime(DRAIN);
        for (PortSpec port : proxy.ports()) {
            settings.inbound(
                    new InboundBinding(
                            port.port(),
                            port.name(),
                            port.protocol(),
                            "127.0.0.1",
                            port.appPort(),
                            port.meshPort()));
        }
        proxy.upstreams()
                .forEach((destination, port) ->
                        settings.upstream(new UpstreamBinding(destination, port)));
        proxy.gatewayPorts()
                .forEach((port, bound) -> settings.gatewayPort(new GatewayBinding(port, bound)));
        return settings.build();
    }

    private IdentitySource identity(ProxySpec proxy) {
        SpiffeId id =
                new SpiffeId(
                        grant.trustDomain(), proxy.workload().namespace(), proxy.serviceAccount());
        return new IdentitySource.Joined(
                JoinSettings.withToken(
                        id, List.of(grant.address()), grant.caPem(), grant.token().reveal()),
                stateDir(proxy),
                JOIN_PATIENCE);
    }

    @Override
    public void stop(ProxySpec proxy) {
        Running running = proxies.remove(proxy.instance());
        if (running != null) {
            running.proxy().close();
            close(running.accessLog());
        }
    }

    @Override
    public boolean awaitConfigured(ProxySpec proxy, Duration patience) throws InterruptedException {
        Running running = proxies.get(proxy.instance());
        return running != null && running.proxy().plane().awaitConfigured(patience);
    }

    @Override
    public Path stateDir(ProxySpec proxy) {
        return work.resolve("state").resolve(proxy.instance());
    }

    @Override
    public Path accessLog(ProxySpec proxy) {
        return work.resolve("logs").resolve(proxy.instance() + ".access.log");
    }

    private OutputStream openLog(ProxySpec proxy) {
        try {
            Files.createDirectories(stateDir(proxy).getParent());
            return Files.newOutputStream(
                    accessLog(proxy), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(accessLog(proxy) + ": " + e.getMessage(), e);
        }
    }

    private static void close(OutputStream log) {
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        List<Thread> closing =
                proxies.values().stream()
                        .map(running -> Thread.ofVirtual().start(() -> closeQuietly(running)))
                        .toList();
        for (Thread thread : closing) {
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        proxies.clear();
    }

    private static void closeQuietly(Running running) {
        try (OutputStream log = running.accessLog()) {
            running.proxy().close();
            log.flush();
        } catch (IOException e) {
            // The log of a proxy that ends anyway.
        }
    }
}
