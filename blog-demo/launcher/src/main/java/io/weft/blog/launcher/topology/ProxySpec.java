package io.weft.blog.launcher.topology;

import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;

/**
 * A sidecar or a gateway.
 *
 * @param instance unique, for example {@code blog-api-v1-0}
 * @param ports what the application behind it offers; empty for gateways
 * @param upstreams destination {@code host:port} to the local port at which the application finds
 *     it
 * @param gatewayPorts logical port to local port; empty for sidecars
 * @param adminPort where it tells of itself
 * @param metricsPort where Prometheus asks
 */
public record ProxySpec(
        WorkloadId workload,
        String serviceAccount,
        Map<String, String> labels,
        String instance,
        List<PortSpec> ports,
        Map<String, Integer> upstreams,
        Map<Integer, Integer> gatewayPorts,
        int adminPort,
        int metricsPort) {

    public ProxySpec {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        upstreams = Map.copyOf(upstreams);
        gatewayPorts = Map.copyOf(gatewayPorts);
    }

    public boolean gateway() {
        return !gatewayPorts.isEmpty();
    }

    /** The local port at which the application finds a destination. */
    public int upstream(String destination) {
        Integer port = upstreams.get(destination);
        if (port == null) {
            throw new IllegalArgumentException(
                    instance
                            + ": no upstream "
                            + destination
                            + " (expected: one of "
                            + upstreams.keySet()
                            + ")");
        }
        return port;
    }

    /** The local port that a gateway binds for a logical one. */
    public int gatewayPort(int logical) {
        Integer port = gatewayPorts.get(logical);
        if (port == null) {
            throw new IllegalArgumentException(instance + ": no gateway port " + logical);
        }
        return port;
    }

    /** A port of the application behind it, as policies number it. */
    public PortSpec port(int number) {
        return ports.stream()
                .filter(each -> each.port() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(instance + ": no port " + number));
    }
}
