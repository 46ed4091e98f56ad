package io.weft.compiler.catalog;

import io.weft.model.SpiffeId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.cluster.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What answers for a service port: instances that registered, endpoints that are written down, and
 * those that other registries know. Found once for each port, since every client of a service asks.
 * Thread-safe.
 */
final class EndpointFinder {

    private record Asked(String host, DeclaredPort port) {}

    private final String trustDomain;
    private final RegistrationIndex registrations;
    private final Map<String, DiscoveredService> discoveredByHost = new HashMap<>();
    private final Map<Asked, List<Endpoint>> found = new ConcurrentHashMap<>();

    EndpointFinder(
            String trustDomain,
            RegistrationIndex registrations,
            List<DiscoveredService> discovered) {
        this.trustDomain = trustDomain;
        this.registrations = registrations;
        discovered.forEach(service -> discoveredByHost.put(service.id().host(), service));
    }

    /**
     * As {@link ServiceCatalog#endpoints}.
     *
     * @param service the catalogue's only one of its host
     */
    List<Endpoint> of(MeshService service, DeclaredPort port) {
        return found.computeIfAbsent(new Asked(service.host(), port), asked -> find(service, port));
    }

    /** The same for any service, found anew each time. */
    List<Endpoint> find(MeshService service, DeclaredPort port) {
        Map<String, Endpoint> registered = new TreeMap<>();
        for (Registration registration : registrations.behind(service)) {
            if (registration.ready()) {
                target(registration, port)
                        .ifPresent(target ->
                                registered.put(
                                        registration.instance(), endpoint(registration, target)));
            }
        }
        List<Endpoint> others = new ArrayList<>();
        for (int i = 0; i < service.endpoints().size(); i++) {
            others.add(fixed(service, port, service.endpoints().get(i), i));
        }
        DiscoveredService discoveredHere = discoveredByHost.get(service.host());
        if (discoveredHere != null) {
            discoveredHere
                    .endpoints()
                    .getOrDefault(port.port(), List.of())
                    .forEach(each -> discovered(service, each, registered, others));
        }
        List<Endpoint> all = new ArrayList<>(registered.values());
        all.addAll(others);
        return List.copyOf(all);
    }

    /** As {@link ServiceCatalog#instanceAt}. */
    Optional<Endpoint> at(String address, int port) {
        List<Endpoint> there = new ArrayList<>();
        for (Registration registration : registrations.at(address)) {
            if (registration.ready()) {
                registration.ports().stream()
                        .filter(candidate -> candidate.port() == port)
                        .map(target -> endpoint(registration, target))
                        .forEach(there::add);
            }
        }
        return there.size() == 1 ? Optional.of(there.getFirst()) : Optional.empty();
    }

    /**
     * Takes an endpoint of another registry. Where a workload has registered itself, its
     * registration counts: else a meshed workload would also be called past its sidecar, or through
     * one that does not stand before that port.
     */
    private void discovered(
            MeshService service,
            Endpoint endpoint,
            Map<String, Endpoint> registered,
            List<Endpoint> others) {
        boolean behindSidecar = false;
        for (Registration each : registrations.at(endpoint.address())) {
            if (!each.workload().namespace().equals(service.namespace())) {
                continue;
            }
            for (RegisteredPort port : each.ports()) {
                if (port.port() == endpoint.port() || port.meshPort() == endpoint.port()) {
                    if (each.ready()) {
                        registered.putIfAbsent(each.instance(), endpoint(each, port));
                    }
                    return;
                }
            }
            behindSidecar |= each.meshed();
        }
        others.add(behindSidecar ? endpoint.outsideTheMesh() : endpoint);
    }

    private static Optional<RegisteredPort> target(Registration registration, DeclaredPort port) {
        return registration.ports().stream()
                .filter(candidate -> port.targets(candidate.port(), candidate.name()))
                .findFirst();
    }

    private Endpoint endpoint(Registration registration, RegisteredPort target) {
        SpiffeId identity =
                registration.meshed()
                        ? new SpiffeId(
                                trustDomain,
                                registration.workload().namespace(),
                                registration.serviceAccount())
                        : null;
        return new Endpoint(
                registration.instance(),
                registration.address(),
                registration.meshed() ? target.meshPort() : target.port(),
                identity,
                registration.workload().namespace(),
                registration.workload().name(),
                registration.labels(),
                registration.locality(),
                1);
    }

    private Endpoint fixed(
            MeshService service, DeclaredPort port, FixedEndpoint endpoint, int index) {
        int number =
                endpoint.ports()
                        .getOrDefault(
                                port.name(),
                                port.targetPort() > 0 ? port.targetPort() : port.port());
        SpiffeId identity =
                service.external() || endpoint.serviceAccount().isEmpty()
                        ? null
                        : new SpiffeId(trustDomain, service.namespace(), endpoint.serviceAccount());
        return new Endpoint(
                service.name() + "-" + index,
                endpoint.address(),
                number,
                identity,
                service.namespace(),
                service.name(),
                endpoint.labels(),
                endpoint.locality(),
                endpoint.weight());
    }
}
