package io.weft.policy.control;

import io.weft.compiler.catalog.DeclaredPort;
import io.weft.compiler.catalog.DiscoveredService;
import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.catalog.ServiceCatalog;
import io.weft.model.catalog.Registration;
import io.weft.model.cluster.Endpoint;
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
        ServiceCatalog everyone =
                current.withRegistrations(
                        current.registrations().stream().map(Catalogue::madeReady).toList());
        return current.services().stream().map(service -> view(service, everyone)).toList();
    }

    private ServiceView view(MeshService service, ServiceCatalog everyone) {
        List<ServiceView.PortView> ports =
                service.ports().stream().map(port -> view(service, port, everyone)).toList();
        return new ServiceView(
                service.host(),
                service.namespace(),
                service.name(),
                service.external(),
                service.origin().describe(),
                ports);
    }

    private ServiceView.PortView view(
            MeshService service, DeclaredPort port, ServiceCatalog everyone) {
        List<Endpoint> ready = current.endpoints(service, port);
        Set<String> taking = ready.stream().map(Endpoint::id).collect(Collectors.toSet());
        List<Endpoint> notReady =
                everyone.endpoints(service, port).stream()
                        .filter(endpoint -> !taking.contains(endpoint.id()))
                        .toList();
        return new ServiceView.PortView(port.name(), port.port(), port.protocol(), ready, notReady);
    }

    private static Registration madeReady(Registration of) {
        return of.ready()
                ? of
                : new Registration(
                        of.instance(),
                        of.workload(),
                        of.serviceAccount(),
                        of.labels(),
                        of.locality(),
                        of.cluster(),
                        of.address(),
                        of.ports(),
                        of.services(),
                        of.gateway(),
                        true,
                        of.meshed());
    }

    /** Instances by session key, as the catalogue knows them. */
    static Collection<Registration> registrations(Map<Instance, Session> sessions) {
        return sessions.values().stream().map(Session::registration).toList();
    }
}
