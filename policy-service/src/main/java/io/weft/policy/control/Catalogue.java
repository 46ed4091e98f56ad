package io.weft.policy.control;

import io.weft.compiler.catalog.DiscoveredService;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.model.catalog.Registration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The services in force, and which sessions a change of them concerns: when only endpoints came or
 * went, those that hold the endpoints. For the control thread.
 */
final class Catalogue {

    private static final Predicate<Session> ALL = session -> true;

    private ServiceCatalog current;

    Catalogue(ServiceCatalog empty) {
        this.current = empty;
    }

    ServiceCatalog current() {
        return current;
    }

    /** Takes a new state; tells which sessions must be built anew. */
    Predicate<Session> replace(
            ServiceCatalog declared,
            Collection<DiscoveredService> discovered,
            Collection<Registration> registrations) {
        ServiceCatalog before = current;
        current = declared.withDiscovered(discovered).withRegistrations(registrations);
        return before.services().equals(current.services()) ? concernedBy(before) : ALL;
    }

    private Predicate<Session> concernedBy(ServiceCatalog before) {
        Set<Registration> changed = difference(before.registrations(), current.registrations());
        Set<String> addresses =
                changed.stream().map(Registration::address).collect(Collectors.toSet());
        Set<Object> workloads =
                changed.stream().map(Registration::workload).collect(Collectors.toSet());
        Set<String> hosts = new HashSet<>();
        for (Registration each : changed) {
            Stream.concat(servicesOf(before, each), servicesOf(current, each))
                    .map(MeshService::host)
                    .forEach(hosts::add);
        }
        difference(before.discovered(), current.discovered())
                .forEach(each -> hosts.add(each.id().host()));
        current.discovered().stream()
                .filter(each -> isAtAny(each, addresses))
                .forEach(each -> hosts.add(each.id().host()));
        return session ->
                workloads.contains(session.registration().workload())
                        || hosts.stream().anyMatch(session.wanted()::holdsEndpointsOf)
                        || session.routes().stream()
                                .anyMatch(route -> addresses.contains(hostOf(route)));
    }

    private static boolean isAtAny(DiscoveredService service, Set<String> addresses) {
        return !addresses.isEmpty()
                && service.endpoints().values().stream()
                        .flatMap(List::stream)
                        .anyMatch(endpoint -> addresses.contains(endpoint.address()));
    }

    private static <T> Set<T> difference(List<T> before, List<T> after) {
        Set<T> changed = new HashSet<>(after);
        for (T each : before) {
            if (!changed.remove(each)) {
                changed.add(each);
            }
        }
        return changed;
    }

    private static Stream<MeshService> servicesOf(ServiceCatalog catalog, Registration of) {
        return catalog
                .servicesOf(of.workload().namespace(), of.workload().name(), of.labels())
                .stream();
    }

    private static String hostOf(String route) {
        int colon = route.lastIndexOf(':');
        return colon < 0 ? route : route.substring(0, colon);
    }

    /** For people. */
    List<ServiceView> view() {
        return current.services().stream().map(this::view).toList();
    }

    private ServiceView view(MeshService service) {
        List<ServiceView.PortView> ports =
                service.ports().stream()
                        .map(
                                port ->
                                        new ServiceView.PortView(
                                                port.name(),
                                                port.port(),
                                                port.protocol(),
                                                current.endpoints(service, port)))
                        .toList();
        return new ServiceView(
                service.host(),
                service.namespace(),
                service.name(),
                service.external(),
                service.origin().describe(),
                ports);
    }

    /** Instances by session key, as the catalogue knows them. */
    static Collection<Registration> registrations(Map<Instance, Session> sessions) {
        return sessions.values().stream().map(Session::registration).toList();
    }
}
