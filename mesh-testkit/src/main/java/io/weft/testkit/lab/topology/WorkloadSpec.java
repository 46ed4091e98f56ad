package io.weft.testkit.lab.topology;

import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workload of the lab.
 *
 * @param service name of the Service that selects it, in its namespace
 * @param sidecar false for an application outside the mesh
 * @param address where it is seen, null for 127.0.0.1
 */
public record WorkloadSpec(
        String name,
        String namespace,
        String serviceAccount,
        Map<String, String> labels,
        String service,
        boolean headless,
        int replicas,
        boolean sidecar,
        @Nullable String address,
        Locality locality,
        List<PortSpec> ports) {

    public WorkloadSpec {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
    }

    public WorkloadId id() {
        return new WorkloadId(namespace, name);
    }

    /** The label {@code version}, empty without. */
    public String version() {
        return labels.getOrDefault("version", "");
    }
}
