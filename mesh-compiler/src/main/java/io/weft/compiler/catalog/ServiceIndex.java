package io.weft.compiler.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Services by the workloads that stand behind them. Immutable once made. */
final class ServiceIndex {

    private record Name(String namespace, String name) {}

    private final Map<Name, List<MeshService>> byName = new HashMap<>();
    private final LabelIndex<MeshService> bySelector = new LabelIndex<>();
    private final Map<MeshService, Integer> places = new IdentityHashMap<>();

    ServiceIndex(Collection<MeshService> services) {
        for (MeshService service : services) {
            places.put(service, places.size());
            byName.computeIfAbsent(
                            new Name(service.namespace(), service.name()), n -> new ArrayList<>())
                    .add(service);
            // One label is enough to be found by, the same of equal selectors.
            if (!service.selector().isEmpty()) {
                Map.Entry<String, String> label =
                        Collections.min(service.selector().entrySet(), Map.Entry.comparingByKey());
                bySelector.add(service.namespace(), label, service);
            }
        }
    }

    /**
     * The services before a workload, in their order.
     *
     * @param named those that the workload itself says it serves
     */
    List<MeshService> before(String namespace, Map<String, String> labels, Set<String> named) {
        Map<Integer, MeshService> found = new TreeMap<>();
        for (String name : named) {
            byName.getOrDefault(new Name(namespace, name), List.of())
                    .forEach(service -> found.put(places.get(service), service));
        }
        bySelector.any(
                namespace,
                labels,
                service -> {
                    if (service.selects(namespace, labels)) {
                        found.put(places.get(service), service);
                    }
                });
        return List.copyOf(found.values());
    }
}
