package io.weft.dataplane.telemetry;

import io.weft.model.SpiffeId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The callee, for the labels of metrics; instances are made once per endpoint or inbound port, so
 * that meters can be resolved by identity.
 *
 * @param service host name of the service, or {@code PassthroughCluster}/{@code BlackHoleCluster}
 * @param workload empty when unknown
 * @param identity verified identity of the upstream (outbound) or own identity (inbound)
 */
public record DestinationView(
        String service,
        String serviceName,
        String serviceNamespace,
        String workload,
        String workloadNamespace,
        Map<String, String> labels,
        @Nullable SpiffeId identity) {}
