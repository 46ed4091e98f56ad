package io.weft.compiler.catalog;

import io.weft.model.Origin;
import io.weft.model.ServiceId;
import io.weft.model.SpiffeId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import io.weft.model.catalog.ServicePort;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.Resolution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Services and what answers for them: those that YAML declares, workloads that registered
 * themselves, and those that other registries discovered. Immutable and thread-safe.
 */
public final class ServiceCatalog {

    private final String trustDomain;
    private final List<MeshService> declared;
    private final List<Registration> registrations;
    private final List<DiscoveredService> discovered;

    private final Map<String, MeshService> byHost;
    private final Map<String, List<MeshService>> byNamespace;
    private final Map<String, List<Registration>> registeredIn;
    private final Map<String, List<Registration>> registeredAt;
    private final Map<String, MeshService> byAddress;
    private final Map<String, DiscoveredService> discoveredByHost;

    private ServiceCatalog(
            String trustDomain,
            List<MeshService> declared,
            List<Registration> registrations,
            List<DiscoveredService> discovered) {
        this.trustDomain = trustDomain;
        this.declared = List.copyOf(declared);
        this.registrations =
                registrations.stream()
                        .sorted(Comparator.comparing(Registration::instance))
                        .toList();
        this.discovered = List.copyOf(discovered);
        this.byHost = indexHosts();
        this.byNamespace = new TreeMap<>();
        this.byAddress = new TreeMap<>();
        for (MeshService service : byHost.values()) {
            byNamespace.computeIfAbsent(service.namespace(), ns -> new ArrayList<>()).add(service);
            service.addresses().forEach(address -> byAddress.putIfAbsent(address, service));
        }
        this.registeredIn = new TreeMap<>();
        this.registeredAt = new TreeMap<>();
        for (Registration registration : this.registrations) {
            registeredIn
                    .computeIfAbsent(registration.workload().namespace(), ns -> new ArrayList<>())
                    .add(registration);
            registeredAt
                    .computeIfAbsent(registration.address(), address -> new ArrayList<>())
                    .add(registration);
        }
        this.discoveredByHost = new TreeMap<>();
        this.discovered.forEach(this::indexDiscovered);
    }

    /** The registry may know addresses of a service that YAML declares. */
    private void indexDiscovered(DiscoveredService service) {
        String host = service.id().host();
        discoveredByHost.put(host, service);
        MeshService known = byHost.get(host);
        if (known != null) {
            service.addresses().forEach(address -> byAddress.putIfAbsent(address, known));
        }
    }

    /** A catalogue of what YAML declares; on equal hosts the first one wins. */
    public static ServiceCatalog of(String trustDomain, List<MeshService> declared) {
        return new ServiceCatalog(trustDomain, declared, List.of(), List.of());
    }

    /** The same with these registrations in place of others. */
    public ServiceCatalog withRegistrations(Collection<Registration> others) {
        return new ServiceCatalog(trustDomain, declared, List.copyOf(others), discovered);
    }

    /** The same with these discovered services in place of others. */
    public ServiceCatalog withDiscovered(Collection<DiscoveredService> others) {
        return new ServiceCatalog(trustDomain, declared, registrations, List.copyOf(others));
    }

    private Map<String, MeshService> indexHosts() {
        Map<String, MeshService> hosts = new LinkedHashMap<>();
        for (MeshService service : declared) {
            hosts.putIfAbsent(service.host(), service);
        }
        for (Registration registration : registrations) {
            for (Registration.RegisteredService service : registration.services()) {
                ServiceId id = new ServiceId(registration.workload().namespace(), service.name());
                hosts.computeIfAbsent(
                        id.host(),
                        host ->
                                undeclared(
                                        id,
                                        service.ports(),
                                        Map.of(),
                                        List.of(),
                                        "registered by " + registration.workload()));
            }
        }
        for (DiscoveredService service : discovered) {
            hosts.computeIfAbsent(
                    service.id().host(),
                    host ->
                            undeclared(
                                    service.id(),
                                    service.ports(),
                                    service.selector(),
                                    service.addresses(),
                                    "discovered"));
        }
        return hosts;
    }

    private static MeshService undeclared(
            ServiceId id,
            List<ServicePort> ports,
            Map<String, String> selector,
            List<String> addresses,
            String why) {
        return new MeshService(
                id.host(),
                id.namespace(),
                id.name(),
                ports.stream().map(DeclaredPort::of).toList(),
                selector,
                addresses,
                Resolution.STATIC,
                false,
                List.of(),
                List.of(),
                List.of(),
                Origin.builtIn(why));
    }

    /** What other registries know. */
    public List<DiscoveredService> discovered() {
        return discovered;
    }

    /** The workloads that registered themselves, by instance. */
    public List<Registration> registrations() {
        return registrations;
    }

    /** Every service. */
    public List<MeshService> services() {
        return List.copyOf(byHost.values());
    }

    /** A service by its fully qualified host name. */
    public Optional<MeshService> byHost(String host) {
        return Optional.ofNullable(byHost.get(host));
    }

    /**
     * A service as a client of a namespace names it: {@code reviews} (in its own namespace), {@code
     * reviews.ns}, {@code .svc}, {@code .svc.cluster.local}, the host of a ServiceEntry (also by
     * wildcard), or an address. Services that are not exported to the namespace are not found.
     */
    public Optional<MeshService> resolve(String written, String clientNamespace) {
        String host = written.toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        return candidate(host, clientNamespace)
                .filter(service -> service.visibleFrom(clientNamespace));
    }

    private Optional<MeshService> candidate(String host, String clientNamespace) {
        MeshService exact = byHost.get(host);
        if (exact != null) {
            return Optional.of(exact);
        }
        String[] labels = host.split("\\.", -1);
        MeshService service =
                switch (labels.length) {
                    case 1 -> byHost.get(qualified(host, clientNamespace));
                    case 2 -> byHost.get(qualified(labels[0], labels[1]));
                    case 3 ->
                            labels[2].equals("svc")
                                    ? byHost.get(qualified(labels[0], labels[1]))
                                    : null;
                    default -> null;
                };
        if (service == null) {
            service = byAddress.get(host);
        }
        return service != null ? Optional.of(service) : byWildcard(host);
    }

    private static String qualified(String name, String namespace) {
        return name + "." + namespace + "." + ServiceId.DOMAIN_SUFFIX;
    }

    private Optional<MeshService> byWildcard(String host) {
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            MeshService found = byHost.get("*" + host.substring(dot));
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /**
     * The endpoint behind a workload's own address and port, for calls that name neither service
     * nor host; empty when there is none, or when several share the address.
     */
    public Optional<Endpoint> instanceAt(String address, int port) {
        List<Endpoint> found = new ArrayList<>();
        for (Registration registration : registeredAt.getOrDefault(address, List.of())) {
            if (registration.ready()) {
                registration.ports().stream()
                        .filter(candidate -> candidate.port() == port)
                        .map(target -> endpoint(registration, target))
                        .forEach(found::add);
            }
        }
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /** The services that stand before a workload. */
    public List<MeshService> servicesOf(
            String namespace, String workload, Map<String, String> labels) {
        List<MeshService> found = new ArrayList<>();
        for (MeshService service : byNamespace.getOrDefault(namespace, List.of())) {
            boolean named =
                    registeredIn.getOrDefault(namespace, List.of()).stream()
                            .anyMatch(
                                    r -> r.workload().name().equals(workload) && names(r, service));
            if (named || service.selects(namespace, labels)) {
                found.add(service);
            }
        }
        return found;
    }

    /** The ready instances and written-down endpoints of a service port, in a stable order. */
    public List<Endpoint> endpoints(MeshService service, DeclaredPort port) {
        Map<String, Endpoint> found = new TreeMap<>();
        for (Registration registration :
                registeredIn.getOrDefault(service.namespace(), List.of())) {
            if (registration.ready()
                    && (names(registration, service)
                            || service.selects(service.namespace(), registration.labels()))) {
                target(registration, port)
                        .ifPresent(target ->
                                found.put(registration.instance(), endpoint(registration, target)));
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
                    .forEach(each -> discovered(service, each, found, others));
        }
        List<Endpoint> all = new ArrayList<>(found.values());
        all.addAll(others);
        return all;
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
        for (Registration each : registeredAt.getOrDefault(endpoint.address(), List.of())) {
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

    private static boolean names(Registration registration, MeshService service) {
        return registration.workload().namespace().equals(service.namespace())
                && registration.services().stream().anyMatch(s -> s.name().equals(service.name()));
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
