package io.weft.policy.control;

import io.weft.compiler.catalog.DiscoveredService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Services from other registries, by registry. For the control thread. */
final class Discovered {

    private final Map<String, List<DiscoveredService>> bySource = new TreeMap<>();

    /** Replaces what a source knows; false when that is what it knew before. */
    boolean replace(String source, List<DiscoveredService> services) {
        List<DiscoveredService> copy = List.copyOf(services);
        return !copy.equals(bySource.put(source, copy));
    }

    List<DiscoveredService> all() {
        return bySource.values().stream().flatMap(List::stream).toList();
    }
}
