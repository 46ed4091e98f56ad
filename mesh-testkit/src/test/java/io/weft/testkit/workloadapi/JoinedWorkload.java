package io.weft.testkit.workloadapi;

import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.assembly.IdentitySource;
import io.weft.dataplane.assembly.MeshProxy;
import io.weft.dataplane.assembly.ProxyPorts;
import io.weft.dataplane.assembly.ProxySettings;
import io.weft.dataplane.identity.JoinSettings;
import io.weft.dataplane.workloadapi.WorkloadApiSettings;
import io.weft.engine.AdjustableClock;
import io.weft.model.SpiffeId;
import io.weft.policy.server.PolicyServer;
import io.weft.policy.server.PolicyServerSettings;
import io.weft.policy.source.PolicyBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A control plane and a sidecar that has joined it, serving the Workload API. */
final class JoinedWorkload implements AutoCloseable {

    static final String ID = "spiffe://cluster.local/ns/blog/sa/api";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final AdjustableClock clock = AdjustableClock.running();
    final PolicyServer control;
    final MeshProxy proxy;
    final Path socket;

    JoinedWorkload(Path directory) throws Exception {
        socket = directory.resolve("api.sock");
        control =
                PolicyServer.start(
                        PolicyServerSettings.in(directory.resolve("control"))
                                .keySetFetcher(uri ->
                                        CompletableFuture.failedStage(
                                                new IOException("no issuer is known here")))
                                .clock(clock::now));
        control.control()
                .publish(PolicyBundle.of(List.of()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        DataPlaneSettings plane =
                DataPlaneSettings.forWorkload("blog", "api").serviceAccount("api").build();
        String token = control.tokens().create("blog", "api", Duration.ofHours(1)).token().reveal();
        JoinSettings join =
                JoinSettings.withToken(
                        SpiffeId.parse(ID).orElseThrow(),
                        List.of("127.0.0.1:" + control.joinPort()),
                        control.authority().trustBundlePem(),
                        token);
        Path state = directory.resolve("state");
        proxy =
                MeshProxy.start(
                        ProxySettings.of(
                                        plane,
                                        new IdentitySource.Joined(join, state, PATIENCE),
                                        new ProxySettings.Configuration.Stream(List.of(), state),
                                        ProxyPorts.NONE)
                                .clock(clock)
                                .workloadApi(new WorkloadApiSettings(socket, Set.of()))
                                .build());
        await("keys of tokens", () -> !proxy.tls().trust().tokenKeys().isEmpty());
    }

    /** Lets the certificate come to half its life, when it is renewed. */
    void rotate() {
        clock.advance(Duration.ofMinutes(35));
    }

    /** Announces another root, which all are told. */
    void announceRoot() throws Exception {
        control.authority().changes().announce();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not within " + PATIENCE);
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        proxy.close();
        control.close();
    }
}
