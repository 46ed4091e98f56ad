package io.weft.dataplane.http;

import io.weft.dataplane.overload.Overload;
import io.weft.dataplane.shared.SharedCounters;
import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.upstream.UpstreamPools;
import io.weft.engine.MeshClock;
import io.weft.engine.RandomSource;
import io.weft.engine.retry.RetryBudgets;

/**
 * What every exchange of a data plane uses; made once.
 *
 * @param overload says what cannot be taken on
 * @param peerMetadata what the sidecars that are called are told of this workload
 */
public record HttpServices(
        HttpLimits limits,
        MeshClock clock,
        RandomSource random,
        ExchangeLog log,
        UpstreamPools pools,
        RetryBudgets budgets,
        Counters counters,
        String peerMetadata,
        SharedCounters shared,
        Overload overload) {}
