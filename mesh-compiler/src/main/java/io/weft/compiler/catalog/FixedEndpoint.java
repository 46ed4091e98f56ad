package io.weft.compiler.catalog;

import io.weft.model.Locality;
import java.util.Map;

/**
 * An endpoint that is written down.
 *
 * @param address an IP address, or a host name when the service is resolved by DNS
 * @param ports by the name of the service port; one that is not there keeps the service's target
 * @param serviceAccount empty outside the mesh
 */
public record FixedEndpoint(
        String address,
        Map<String, Integer> ports,
        Map<String, String> labels,
        Locality locality,
        int weight,
        String serviceAccount) {

    public FixedEndpoint {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }
}
