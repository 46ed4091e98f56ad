package io.weft.dataplane.telemetry;

import io.weft.model.SpiffeId;
import io.weft.model.WorkloadId;
import java.util.Map;

/**
 * The workload that this proxy stands beside, as telemetry names it.
 *
 * @param cluster as Istio's {@code source_cluster}; empty for none
 * @param meshId as the span tag {@code istio.mesh_id}
 */
public record LocalWorkload(
        WorkloadId workload,
        SpiffeId identity,
        Map<String, String> labels,
        String cluster,
        String meshId) {

    public LocalWorkload {
        labels = Map.copyOf(labels);
    }

    /** What its sidecar tells of it to the sidecars it calls. */
    public PeerMetadata metadata() {
        return PeerMetadata.of(workload.name(), labels, cluster);
    }
}
