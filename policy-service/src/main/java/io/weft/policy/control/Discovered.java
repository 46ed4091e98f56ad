package io.weft.policy.control;

import io.weft.compiler.catalog.DiscoveredService;
import io.weft.model.catalog.Registration;
import io.weft.model.cluster.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Services from other registries. Where a workload has registered itself, its registration counts
 * and the registry's entry for the same address does not: else a meshed workload would also be called
 * past its sidecar. For the control thread.
 */
final class Discovered {

    private final Map<String, List<DiscoveredService>> bySource = new TreeMap<>();

    /** Replaces what a source knows; false when that is what it knew before. */
    boolean replace(String source, List<DiscoveredService> services) {
        return !List.copyOf(services).equals(bySource.put(source, List.copyOf(services)));
    }

    List<DiscoveredService> without(Collection<Registration> registrations) {
        List<DiscoveredService> all = new ArrayList<>();
        bySource.values()
                .forEach(
                        services ->
                                services.forEach(
                                        service -> all.add(without(service, registrations))));
        return all;
    }

    private static DiscoveredService without(
            DiscoveredService service, Collection<Registration> registrations) {
        List<Endpoint> kept =
                service.endpoints().stream()
                        .filter(
                                endpoint ->
                                        registrations.stream()
                                                .noneMatch(r -> isSame(r, service, endpoint)))
                        .toList();
        return new DiscoveredService(service.id(), service.ports(), kept);
    }

    private static boolean isSame(
            Registration registration, DiscoveredService service, Endpoint endpoint) {
        return registration.workload().namespace().equals(service.id().namespace())
                && registration.address().equals(endpoint.address())
                && registration.ports().stream()
                        .anyMatch(
                                port ->
                                        port.port() == endpoint.port()
                                                || port.meshPort() == endpoint.port());
    }
}
