package io.weft.dataplane.assembly;

import io.weft.dataplane.DataPlaneSettings;
import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.config.ResourceSet;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.LoginGate;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.LineSink;
import io.weft.dataplane.telemetry.MeshMetrics;
import io.weft.dataplane.telemetry.otlp.OtlpSettings;
import io.weft.dataplane.workloadapi.WorkloadApiSettings;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is made of.
 *
 * @param configuration the stream, a file, or a source of the caller's own
 * @param otlp where spans, access logs and metrics go over OTLP
 * @param accessLog where lines for standard output go
 * @param lane runs gateway filters, null without Spring
 * @param check looks at each configuration before it is taken; an IllegalArgumentException refuses
 *     it
 * @param applied is told of each configuration in force
 * @param redisUrl where global rate limits are counted; null fails them as their policies say
 * @param workloadApi where the SPIFFE Workload API is served; null nowhere
 * @param login where people log in at a gateway; null nowhere
 * @param telemetry false records nothing of any exchange, whatever the configuration says
 * @param observer is told of every exchange beside metrics, access log and spans; null for none
 */
public record ProxySettings(
        DataPlaneSettings plane,
        IdentitySource identity,
        Configuration configuration,
        ProxyPorts ports,
        OtlpSettings otlp,
        LineSink accessLog,
        boolean telemetry,
        MeshClock clock,
        RandomSource random,
        @Nullable FilterLane lane,
        Consumer<ResourceSet> check,
        Consumer<ResourceSet> applied,
        @Nullable ExchangeLog observer,
        @Nullable String redisUrl,
        @Nullable LoginGate login,
        @Nullable WorkloadApiSettings workloadApi) {

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

        /** The caller's own source, which counts what it does. */
        record Source(Function<MeshMetrics, ConfigSource> made) implements Configuration {}
    }

    /** A proxy without Spring, on the system's clock, logging to standard output. */
    public static Builder of(
            DataPlaneSettings plane,
            IdentitySource identity,
            Configuration configuration,
            ProxyPorts ports) {
        return new Builder(plane, identity, configuration, ports);
    }

    /** What a proxy can do without. Not thread-safe. */
    public static final class Builder {

        private final DataPlaneSettings plane;
        private final IdentitySource identity;
        private final Configuration configuration;
        private final ProxyPorts ports;
        private OtlpSettings otlp = OtlpSettings.NONE;
        private LineSink accessLog = LineSink.to(System.out);
        private boolean telemetry = true;
        private MeshClock clock = MeshClock.system();
        private @Nullable FilterLane lane;
        private Consumer<ResourceSet> check = resources -> {};
        private Consumer<ResourceSet> applied = resources -> {};
        private @Nullable ExchangeLog observer;
        private @Nullable String redisUrl;
        private @Nullable LoginGate login;
        private @Nullable WorkloadApiSettings workloadApi;

        private Builder(
                DataPlaneSettings plane,
                IdentitySource identity,
                Configuration configuration,
                ProxyPorts ports) {
            this.plane = plane;
            this.identity = identity;
            this.configuration = configuration;
            this.ports = ports;
        }

        public Builder otlp(OtlpSettings receivers) {
            otlp = receivers;
            return this;
        }

        public Builder accessLog(LineSink sink) {
            accessLog = sink;
            return this;
        }

        public Builder telemetry(boolean on) {
            telemetry = on;
            return this;
        }

        public Builder clock(MeshClock other) {
            clock = other;
            return this;
        }

        public Builder lane(
                FilterLane filters, Consumer<ResourceSet> checked, Consumer<ResourceSet> told) {
            lane = filters;
            check = checked;
            applied = told;
            return this;
        }

        public Builder observer(ExchangeLog other) {
            observer = other;
            return this;
        }

        public Builder redis(@Nullable String url) {
            redisUrl = url;
            return this;
        }

        public Builder login(@Nullable LoginGate gate) {
            login = gate;
            return this;
        }

        public Builder workloadApi(@Nullable WorkloadApiSettings settings) {
            workloadApi = settings;
            return this;
        }

        public ProxySettings build() {
            return new ProxySettings(
                    plane,
                    identity,
                    configuration,
                    ports,
                    otlp,
                    accessLog,
                    telemetry,
                    clock,
                    RandomSource.system(),
                    lane,
                    check,
                    applied,
                    observer,
                    redisUrl,
                    login,
                    workloadApi);
        }
    }
}
