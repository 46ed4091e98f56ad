package io.weft.model.catalog;

import io.weft.model.Locality;
import io.weft.model.WorkloadId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sidecar or gateway says of itself to the control plane.
 *
 * @param instance unique and stable over restarts, for example {@code blog-api-0}
 * @param address where other sidecars connect
 * @param services the services it wants to stand behind; one that no YAML declares is made from
 *     this
 * @param gateway whether this is a gateway, selected by Gateway resources through its labels
 * @param ready whether it shall receive traffic
 * @param meshed false for an application without a sidecar
 * @param version of the proxy's program; null when it does not say
 */
public record Registration(
        String instance,
        WorkloadId workload,
        String serviceAccount,
        Map<String, String> labels,
        Locality locality,
        String cluster,
        String address,
        List<RegisteredPort> ports,
        List<RegisteredService> services,
        boolean gateway,
        boolean ready,
        boolean meshed,
        @Nullable String version) {

    /** One that does not say what program it is. */
    public Registration(
            String instance,
            WorkloadId workload,
            String serviceAccount,
            Map<String, String> labels,
            Locality locality,
            String cluster,
            String address,
            List<RegisteredPort> ports,
            List<RegisteredService> services,
            boolean gateway,
            boolean ready,
            boolean meshed) {
        this(
                instance,
                workload,
                serviceAccount,
                labels,
                locality,
                cluster,
                address,
                ports,
                services,
                gateway,
                ready,
                meshed,
                null);
    }

    public Registration {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        services = List.copyOf(services);
    }

    /** A service as a workload declares it: the name in its own namespace, and the ports. */
    public record RegisteredService(String name, List<ServicePort> ports) {
        public RegisteredService {
            ports = List.copyOf(ports);
        }
    }
}
