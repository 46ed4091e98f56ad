package io.weft.policy.api;

import io.weft.model.AppProtocol;
import io.weft.model.Locality;
import io.weft.model.SpiffeId;
import io.weft.model.cluster.Endpoint;
import io.weft.model.wire.SidecarState;
import io.weft.policy.control.ServiceView;
import io.weft.policy.traffic.SidecarStates;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service with the state of its endpoints. */
record ServicePage(
        String host,
        String namespace,
        String name,
        boolean external,
        String origin,
        List<Port> ports) {

    static List<ServicePage> of(List<ServiceView> services, Map<String, SidecarState> told) {
        return services.stream().map(each -> of(each, told)).toList();
    }

    private static ServicePage of(ServiceView service, Map<String, SidecarState> told) {
        return new ServicePage(
                service.host(),
                service.namespace(),
                service.name(),
                service.external(),
                service.origin(),
                service.ports().stream().map(port -> port(service, port, told)).toList());
    }

    private static Port port(
            ServiceView service, ServiceView.PortView port, Map<String, SidecarState> told) {
        List<EndpointState> endpoints = new ArrayList<>();
        for (Endpoint each : port.endpoints()) {
            List<SidecarStates.Seen> seen =
                    SidecarStates.leavingOut(told, service.host(), port.port(), each.id());
            endpoints.add(EndpointState.of(each, state(seen), seen));
        }
        for (Endpoint each : port.notReady()) {
            SidecarState own = told.get(each.namespace() + "/" + each.id());
            boolean draining = own != null && own.draining();
            endpoints.add(EndpointState.of(each, draining ? "draining" : "not ready", List.of()));
        }
        endpoints.sort(Comparator.comparing(EndpointState::id));
        return new Port(port.name(), port.port(), port.protocol(), endpoints);
    }

    private static String state(List<SidecarStates.Seen> seen) {
        if (seen.isEmpty()) {
            return "healthy";
        }
        return seen.stream().allMatch(SidecarStates.Seen::sick) ? "sick" : "ejected";
    }

    /** A port and what is behind it. */
    record Port(String name, int port, AppProtocol protocol, List<EndpointState> endpoints) {}

    /**
     * An endpoint.
     *
     * @param identity null outside the mesh
     * @param state {@code healthy}, {@code ejected} (by outlier detection), {@code sick} (failed
     *     its health check), {@code draining} or {@code not ready}
     * @param seen who leaves it out, and why
     */
    record EndpointState(
            String id,
            String address,
            int port,
            @Nullable SpiffeId identity,
            String namespace,
            String workload,
            Map<String, String> labels,
            Locality locality,
            int weight,
            String state,
            List<SidecarStates.Seen> seen) {

        static EndpointState of(Endpoint endpoint, String state, List<SidecarStates.Seen> seen) {
            return new EndpointState(
                    endpoint.id(),
                    endpoint.address(),
                    endpoint.port(),
                    endpoint.identity(),
                    endpoint.namespace(),
                    endpoint.workload(),
                    endpoint.labels(),
                    endpoint.locality(),
                    endpoint.weight(),
                    state,
                    seen);
        }
    }
}
