package io.weft.compiler.catalog;

import io.weft.model.catalog.Registration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Registered instances by what is asked of them. Immutable once made. */
final class RegistrationIndex {

    private record Name(String namespace, String name) {}

    private final Map<String, List<Registration>> byAddress = new HashMap<>();
    private final Map<Name, List<Registration>> byServiceName = new HashMap<>();
    private final Map<Name, Set<String>> serviceNames = new HashMap<>();
    private final LabelIndex<Registration> byLabel = new LabelIndex<>();

    RegistrationIndex(List<Registration> registrations) {
        for (Registration each : registrations) {
            String namespace = each.workload().namespace();
            byAddress.computeIfAbsent(each.address(), address -> new ArrayList<>()).add(each);
            byLabel.addAll(namespace, each.labels(), each);
            for (Registration.RegisteredService service : each.services()) {
                Name name = new Name(namespace, service.name());
                byServiceName.computeIfAbsent(name, n -> new ArrayList<>()).add(each);
                serviceNames
                        .computeIfAbsent(
                                new Name(namespace, each.workload().name()),
                                workload -> new LinkedHashSet<>())
                        .add(service.name());
            }
        }
    }

    List<Registration> at(String address) {
        return byAddress.getOrDefault(address, List.of());
    }

    /** The names of the services that instances of a workload say they serve. */
    Set<String> serviceNames(String namespace, String workload) {
        return serviceNames.getOrDefault(new Name(namespace, workload), Set.of());
    }

    /** The instances behind a service: those that name it and those that it selects. */
    Set<Registration> behind(MeshService service) {
        Set<Registration> found =
                new LinkedHashSet<>(
                        byServiceName.getOrDefault(
                                new Name(service.namespace(), service.name()), List.of()));
        if (!service.selector().isEmpty()) {
            byLabel.all(service.namespace(), service.selector()).stream()
                    .filter(each -> service.selects(service.namespace(), each.labels()))
                    .forEach(found::add);
        }
        return found;
    }
}
