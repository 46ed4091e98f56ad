package io.weft.model.cluster;

import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One place that answers for a service port.
 *
 * @param id stable over address changes, for example {@code blog-api-0}; unique within its set
 * @param address IP address, or a host name when the set is resolved by DNS
 * @param port where to connect: the sidecar's port for workloads of the mesh
 * @param identity null outside the mesh: then plain text under automatic mTLS
 * @param workload the workload's name, for metrics
 * @param weight relative to its siblings, at least 1
 */
public record Endpoint(
        String id,
        String address,
        int port,
        @Nullable SpiffeId identity,
        String namespace,
        String workload,
        Map<String, String> labels,
        Locality locality,
        int weight) {

    public Endpoint {
        labels = Map.copyOf(labels);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1..65535)");
        }
        if (weight < 1) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: >= 1)");
        }
    }

    /** The same without an identity: called in plain text under automatic mTLS. */
    public Endpoint outsideTheMesh() {
        return new Endpoint(id, address, port, null, namespace, workload, labels, locality, weight);
    }
}
