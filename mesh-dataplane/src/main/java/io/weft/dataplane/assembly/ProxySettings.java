package io.weft.dataplane.assembly;

import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is made of.
 *
 * @param configuration the stream, a file, or a source of the caller's own
 * @param otlpEndpoint base of an OTLP receiver over HTTP; null exports no spans
 * @param accessLog where lines for standard output go
 * @param lane runs gateway filters, null without Spring
 * @param check looks at each configuration before it is taken; an IllegalArgumentException refuses
 *     it
 * @param applied is told of each configuration in force
 * @param redisUrl where global rate limits are counted; null fails them as their policies say
 * @param observer is told of every exchange beside metrics, access log and spans; null for none
 */
public record ProxySettings(
        DataPlaneSettings plane,
        IdentitySource identity,
        Configuration configuration,
        ProxyPorts ports,
        @Nullable String otlpEndpoint,
        LineSink accessLog,
        MeshClock clock,
        RandomSource random,
        @Nullable FilterLane lane,
        Consumer<ResourceSet> check,
        Consumer<ResourceSet> applied,
        @Nullable ExchangeLog observer,
        @Nullable String redisUrl) {

    /** Where the configuration comes from. */
    public sealed interface Configuration {

        /**
         * The control plane's stream.
         *
         * @param addresses {@code host:port}; empty uses those that came with the certificate
         * @param stateDir where the last good configuration is kept, null keeps none
         */
        record Stream(List<String> addresses, @Nullable Path stateDir) implements Configuration {
            public Stream {
                addresses = List.copyOf(addresses);
            }
        }

        /** A local file, followed as it changes. */
        record File(Path file) implements Configuration {}

        /** The caller's own source. */
        record Source(ConfigSource source) implements Configuration {}
    }

    /** A proxy without Spring, on the system's clock, logging to standard output. */
    public static ProxySettings of(
            DataPlaneSettings plane,
            IdentitySource identity,
            Configuration configuration,
            ProxyPorts ports) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                null,
                LineSink.to(System.out),
                MeshClock.system(),
                RandomSource.system(),
                null,
                resources -> {},
                resources -> {},
                null,
                null);
    }

    public ProxySettings withOtlp(@Nullable String endpoint) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                endpoint,
                accessLog,
                clock,
                random,
                lane,
                check,
                applied,
                observer,
                redisUrl);
    }

    public ProxySettings withAccessLog(LineSink sink) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                otlpEndpoint,
                sink,
                clock,
                random,
                lane,
                check,
                applied,
                observer,
                redisUrl);
    }

    public ProxySettings withClock(MeshClock other) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                otlpEndpoint,
                accessLog,
                other,
                random,
                lane,
                check,
                applied,
                observer,
                redisUrl);
    }

    public ProxySettings withLane(
            FilterLane other, Consumer<ResourceSet> checked, Consumer<ResourceSet> told) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                otlpEndpoint,
                accessLog,
                clock,
                random,
                other,
                checked,
                told,
                observer,
                redisUrl);
    }

    public ProxySettings withObserver(ExchangeLog other) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                otlpEndpoint,
                accessLog,
                clock,
                random,
                lane,
                check,
                applied,
                other,
                redisUrl);
    }

    public ProxySettings withRedis(@Nullable String url) {
        return new ProxySettings(
                plane,
                identity,
                configuration,
                ports,
                otlpEndpoint,
                accessLog,
                clock,
                random,
                lane,
                check,
                applied,
                observer,
                url);
    }
}
