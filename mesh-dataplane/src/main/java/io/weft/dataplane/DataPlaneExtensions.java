package io.weft.dataplane;

import io.weft.dataplane.config.ConfigSource;
import io.weft.dataplane.identity.TlsContexts;
import io.weft.dataplane.lane.FilterLane;
import io.weft.dataplane.lane.LoginGate;
import io.weft.dataplane.overload.MemoryUse;
import io.weft.dataplane.shared.SharedCounters;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import org.jspecify.annotations.Nullable;

/**
 * What a data plane is given from outside.
 *
 * @param shared counts for global rate limits; the data plane closes it
 * @param lane runs the gateway filters of routes that name some; null answers such routes with 500
 * @param login where people log in at a gateway; null nowhere
 * @param memory how full the process is
 */
public record DataPlaneExtensions(
        ConfigSource source,
        TlsContexts tls,
        ExchangeLog log,
        MeshClock clock,
        RandomSource random,
        @Nullable FilterLane lane,
        SharedCounters shared,
        @Nullable LoginGate login,
        MemoryUse memory) {

    /** Without anything that proxies share. */
    public DataPlaneExtensions(
            ConfigSource source,
            TlsContexts tls,
            ExchangeLog log,
            MeshClock clock,
            RandomSource random,
            @Nullable FilterLane lane) {
        this(
                source,
                tls,
                log,
                clock,
                random,
                lane,
                SharedCounters.none(),
                null,
                MemoryUse.ofProcess());
    }
}
