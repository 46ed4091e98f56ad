package io.weft.compiler.catalog;

import io.weft.model.ServiceId;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import java.util.List;

/**
 * A service that another registry knows (a Spring Cloud discovery client, say).
 *
 * @param endpoints for every port; the endpoint's port is where to connect
 */
public record DiscoveredService(ServiceId id, List<ServicePort> ports, List<Endpoint> endpoints) {

    public DiscoveredService {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }
}
