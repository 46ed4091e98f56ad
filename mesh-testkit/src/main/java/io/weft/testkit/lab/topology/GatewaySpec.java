package io.weft.testkit.lab.topology;

import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;

/**
 * A gateway.
 *
 * @param ports logical ones, as Gateway resources name them
 */
public record GatewaySpec(
        String name, String namespace, Map<String, String> labels, List<Integer> ports) {

    public GatewaySpec {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
    }

    public WorkloadId id() {
        return new WorkloadId(namespace, name);
    }
}
