package io.weft.testkit.lab.mesh;

import io.weft.dataplane.config.ResourceSet;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import io.weft.model.resource.EndpointSet;
import io.weft.model.resource.MeshResource;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands for the network between workloads and applications that are not in the mesh: those have
 * host names, addresses and ports of their own there, and free ports of loopback here. Thread-safe.
 */
final class LabNetwork {

    private final Map<String, InetSocketAddress> places = new ConcurrentHashMap<>();

    /** Something listens there under this name or address, and its port. */
    void place(String host, int port, InetSocketAddress real) {
        places.put(host.toLowerCase(Locale.ROOT) + ":" + port, real);
    }

    /** All the names of a service in a namespace. */
    void service(
            String name, String namespace, List<ServicePort> ports, Map<Integer, Integer> real) {
        for (ServicePort port : ports) {
            Integer local = real.get(port.targetPort());
            if (local == null) {
                continue;
            }
            InetSocketAddress target = new InetSocketAddress("127.0.0.1", local);
            for (String suffix : List.of("", ".svc", ".svc.cluster.local")) {
                String host = name + "." + namespace + suffix;
                places.putIfAbsent(host + ":" + port.port(), target);
                places.putIfAbsent(host + ":" + port.targetPort(), target);
            }
        }
    }

    @Nullable InetSocketAddress find(String host, int port) {
        return places.get(host.toLowerCase(Locale.ROOT) + ":" + port);
    }

    /** The same configuration with endpoints outside the mesh at the places where they are. */
    ResourceSet translate(ResourceSet resources) {
        Map<String, MeshResource> changed = new HashMap<>();
        for (MeshResource resource : resources.resources().values()) {
            if (resource instanceof EndpointSet set
                    && set.endpoints().stream().anyMatch(this::isKnown)) {
                EndpointSet moved =
                        new EndpointSet(
                                set.name(),
                                set.resolution(),
                                set.endpoints().stream().map(this::translate).toList());
                changed.put(set.key(), moved);
            }
        }
        if (changed.isEmpty()) {
            return resources;
        }
        Map<String, MeshResource> all = new HashMap<>(resources.resources());
        all.putAll(changed);
        return new ResourceSet(resources.revision(), resources.commit(), all);
    }

    private boolean isKnown(Endpoint endpoint) {
        return endpoint.identity() == null && find(endpoint.address(), endpoint.port()) != null;
    }

    private Endpoint translate(Endpoint endpoint) {
        InetSocketAddress real =
                endpoint.identity() == null ? find(endpoint.address(), endpoint.port()) : null;
        return real == null
                ? endpoint
                : new Endpoint(
                        endpoint.id(),
                        real.getAddress().getHostAddress(),
                        real.getPort(),
                        null,
                        endpoint.namespace(),
                        endpoint.workload(),
                        endpoint.labels(),
                        endpoint.locality(),
                        endpoint.weight());
    }
}
