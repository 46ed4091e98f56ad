package io.weft.compiler.catalog;

import io.weft.model.ServiceId;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A service that another registry knows (Kubernetes, a Spring Cloud discovery client).
 *
 * @param selector labels of the workloads behind it in its namespace; empty where the registry
 *     tells endpoints only
 * @param addresses its own addresses, as callers may use them
 * @param endpoints by the port that callers use; an endpoint's port is where to connect
 */
public record DiscoveredService(
        ServiceId id,
        List<ServicePort> ports,
        Map<String, String> selector,
        List<String> addresses,
        Map<Integer, List<Endpoint>> endpoints) {

    public DiscoveredService {
        ports = List.copyOf(ports);
        selector = Map.copyOf(selector);
        addresses = List.copyOf(addresses);
        Map<Integer, List<Endpoint>> copy = new TreeMap<>();
        endpoints.forEach((port, of) -> copy.put(port, List.copyOf(of)));
        endpoints = Map.copyOf(copy);
    }

    /** A service whose endpoints answer for every port. */
    public static DiscoveredService of(
            ServiceId id, List<ServicePort> ports, List<Endpoint> endpoints) {
        Map<Integer, List<Endpoint>> byPort = new TreeMap<>();
        ports.forEach(port -> byPort.put(port.port(), endpoints));
        return new DiscoveredService(id, ports, Map.of(), List.of(), byPort);
    }
}
