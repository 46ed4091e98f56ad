package io.weft.dataplane.testing;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.weft.dataplane.DataPlane;
import io.weft.dataplane.DataPlaneExtensions;
import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.config.MemorySource;
import io.weft.dataplane.identity.TlsContexts;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.overload.MemoryUse;
import io.weft.dataplane.shared.SharedCounters;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.model.SpiffeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Data planes of one mesh in one process, with what they need; closes all of it. */
public final class MeshPair implements AutoCloseable {

    public final TestAuthority authority = TestAuthority.of("cluster.local");
    public final EventLoopGroup apps =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** A started data plane with its source and log. */
    public record Node(DataPlane plane, MemorySource source, RecordingLog log, SpiffeId id) {}

    public SpiffeId id(String name) {
        return authority.id("ns", name);
    }

    public Node start(String name, UnaryOperator<DataPlaneSettings.Builder> settings) {
        return start(name, authority.tls(id(name)), MeshClock.system(), null, settings);
    }

    public Node start(
            String name,
            TlsContexts tls,
            MeshClock clock,
            @Nullable FilterLane lane,
            UnaryOperator<DataPlaneSettings.Builder> settings) {
        MemorySource source = new MemorySource();
        RecordingLog log = new RecordingLog();
        DataPlaneSettings.Builder builder =
                DataPlaneSettings.forWorkload("ns", name).drainTime(Duration.ofMillis(200));
        DataPlane plane =
                DataPlane.start(
                        settings.apply(builder).build(),
                        new DataPlaneExtensions(
                                source, tls, log, clock, RandomSource.system(), lane));
        open.push(plane);
        return new Node(plane, source, log, id(name));
    }

    /** A data plane that believes to have so much memory in use. */
    public Node start(
            String name, MemoryUse memory, UnaryOperator<DataPlaneSettings.Builder> settings) {
        MemorySource source = new MemorySource();
        RecordingLog log = new RecordingLog();
        DataPlaneSettings.Builder builder =
                DataPlaneSettings.forWorkload("ns", name).drainTime(Duration.ofMillis(200));
        DataPlane plane =
                DataPlane.start(
                        settings.apply(builder).build(),
                        new DataPlaneExtensions(
                                source,
                                authority.tls(id(name)),
                                log,
                                MeshClock.system(),
                                RandomSource.system(),
                                null,
                                SharedCounters.none(),
                                null,
                                memory));
        open.push(plane);
        return new Node(plane, source, log, id(name));
    }

    /** A data plane that records with the log given; the node's own stays empty. */
    public Node start(
            String name, ExchangeLog log, UnaryOperator<DataPlaneSettings.Builder> settings) {
        MemorySource source = new MemorySource();
        DataPlaneSettings.Builder builder =
                DataPlaneSettings.forWorkload("ns", name).drainTime(Duration.ofMillis(200));
        DataPlane plane =
                DataPlane.start(
                        settings.apply(builder).build(),
                        new DataPlaneExtensions(
                                source,
                                authority.tls(id(name)),
                                log,
                                MeshClock.system(),
                                RandomSource.system(),
                                null));
        open.push(plane);
        return new Node(plane, source, new RecordingLog(), id(name));
    }

    public <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        apps.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }
}
