package io.weft.testkit.lab.mesh;

import io.netty.channel.EventLoopGroup;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.assembly.IdentitySource;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.assembly.ProxyPorts;
import io.weft.dataplane.assembly.ProxySettings;
import io.weft.dataplane.config.ControlPlaneSettings;
import io.weft.dataplane.config.ControlPlaneSource;
import io.weft.dataplane.identity.JoinException;
import io.weft.dataplane.identity.MeshTls;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.MeshMetrics;
import io.weft.dataplane.telemetry.otlp.OtlpSettings;
import io.weft.engine.AdjustableClock;
import io.weft.policy.server.PolicyServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Starts the data plane that ships, with identities from the lab's authority, and renews these.
 * Thread-safe.
 */
final class ProxyStarter {

    private final PolicyServer server;
    private final AdjustableClock clock;
    private final LabNetwork network;
    private final ExchangeRecorder recorder;
    private final EventLoopGroup loops;
    private final @Nullable String otlpEndpoint;
    private final SvidMint mint;
    private final Map<String, MeshTls> identities = new ConcurrentHashMap<>();

    ProxyStarter(
            PolicyServer server,
            AdjustableClock clock,
            LabNetwork network,
            ExchangeRecorder recorder,
            EventLoopGroup loops,
            @Nullable String otlpEndpoint) {
        this.server = server;
        this.clock = clock;
        this.network = network;
        this.recorder = recorder;
        this.loops = loops;
        this.otlpEndpoint = otlpEndpoint;
        this.mint = new SvidMint(server.authority());
    }

    EventLoopGroup loops() {
        return loops;
    }

    /** Starts one; the source that feeds it is what explanations ask for routes. */
    Started start(DataPlaneSettings settings) {
        MeshTls tls =
                MeshTls.of(
                        mint.issue(settings.identity()), server.authority().trustBundles(), clock);
        AtomicReference<@Nullable LabSource> source = new AtomicReference<>();
        try {
            MeshProxy proxy =
                    MeshProxy.start(
                            ProxySettings.of(
                                            settings,
                                            new IdentitySource.Given(tls),
                                            new ProxySettings.Configuration.Source(metrics -> {
                                                LabSource made = source(settings, tls, metrics);
                                                source.set(made);
                                                return made;
                                            }),
                                            ProxyPorts.NONE)
                                    .clock(clock)
                                    .otlp(
                                            OtlpSettings.to(otlpEndpoint)
                                                    .withMetrics(
                                                            otlpEndpoint, Duration.ofSeconds(5)))
                                    .accessLog(LineSink.to(System.err))
                                    .observer(recorder.logOf(settings.instance()))
                                    .build());
            identities.put(settings.instance(), tls);
            return new Started(proxy, Objects.requireNonNull(source.get()));
        } catch (JoinException e) {
            throw new IllegalStateException(settings.instance() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }

    private LabSource source(DataPlaneSettings settings, MeshTls tls, MeshMetrics metrics) {
        return new LabSource(
                new ControlPlaneSource(
                        ControlPlaneSettings.of(
                                settings.instance(), List.of("127.0.0.1:" + server.meshPort())),
                        tls::controlPlaneClient,
                        clock,
                        null,
                        metrics.connectionObserver()),
                network);
    }

    record Started(MeshProxy proxy, LabSource source) {}

    /** Renews every certificate that has reached half its life, as a sidecar does by itself. */
    void renew() {
        for (MeshTls tls : identities.values()) {
            var svid = tls.svid();
            var half = java.time.Duration.between(svid.notBefore(), svid.notAfter()).dividedBy(2);
            if (clock.now().isAfter(svid.notBefore().plus(half))) {
                tls.identity(mint.issue(svid.id()));
            }
        }
    }
}
