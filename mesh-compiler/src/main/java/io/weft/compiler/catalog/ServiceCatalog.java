package io.weft.compiler.catalog;

import io.weft.model.catalog.Registration;
import io.weft.model.cluster.Endpoint;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Services and what answers for them: those that YAML declares, workloads that registered
 * themselves, and those that other registries discovered. No question costs more the more services
 * and workloads there are. Immutable and thread-safe.
 */
public final class ServiceCatalog {

    private final String trustDomain;
    private final List<MeshService> declared;
    private final List<Registration> registrations;
    private final List<DiscoveredService> discovered;

    private final HostIndex hosts;
    private final ServiceIndex services;
    private final RegistrationIndex instances;
    private final EndpointFinder endpoints;

    private ServiceCatalog(
            String trustDomain,
            List<MeshService> declared,
            Collection<Registration> registrations,
            Collection<DiscoveredService> discovered) {
        this.trustDomain = trustDomain;
        this.declared = List.copyOf(declared);
        this.registrations =
                registrations.stream()
                        .sorted(Comparator.comparing(Registration::instance))
                        .toList();
        this.discovered = List.copyOf(discovered);
        this.hosts = new HostIndex(this.declared, this.registrations, this.discovered);
        this.services = new ServiceIndex(hosts.services());
        this.instances = new RegistrationIndex(this.registrations);
        this.endpoints = new EndpointFinder(trustDomain, instances, this.discovered);
    }

    /** A catalogue of what YAML declares; on equal hosts the first one wins. */
    public static ServiceCatalog of(String trustDomain, List<MeshService> declared) {
        return new ServiceCatalog(trustDomain, declared, List.of(), List.of());
    }

    /** The same with these registrations in place of others. */
    public ServiceCatalog withRegistrations(Collection<Registration> others) {
        return new ServiceCatalog(trustDomain, declared, others, discovered);
    }

    /** The same with these discovered services in place of others. */
    public ServiceCatalog withDiscovered(Collection<DiscoveredService> others) {
        return new ServiceCatalog(trustDomain, declared, registrations, others);
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
        return List.copyOf(hosts.services());
    }

    /** A service by its fully qualified host name. */
    public Optional<MeshService> byHost(String host) {
        return Optional.ofNullable(hosts.get(host));
    }

    /**
     * A service as a client of a namespace names it: {@code reviews} (in its own namespace), {@code
     * reviews.ns}, {@code .svc}, {@code .svc.cluster.local}, the host of a ServiceEntry (also by
     * wildcard), or an address. Services that are not exported to the namespace are not found.
     */
    public Optional<MeshService> resolve(String written, String clientNamespace) {
        return hosts.resolve(written, clientNamespace);
    }

    /**
     * The endpoint behind a workload's own address and port, for calls that name neither service
     * nor host; empty when there is none, or when several share the address.
     */
    public Optional<Endpoint> instanceAt(String address, int port) {
        return endpoints.at(address, port);
    }

    /** The services that stand before a workload. */
    public List<MeshService> servicesOf(
            String namespace, String workload, Map<String, String> labels) {
        return services.before(namespace, labels, instances.serviceNames(namespace, workload));
    }

    /** The ready instances and written-down endpoints of a service port, in a stable order. */
    public List<Endpoint> endpoints(MeshService service, DeclaredPort port) {
        return hosts.get(service.host()) == service
                ? endpoints.of(service, port)
                : endpoints.find(service, port);
    }
}
