package io.weft.compiler.dialect;

import io.weft.compiler.yaml.RawResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubernetes' own objects that policies of every dialect refer to: any dialect may look at them, only
 * the Kubernetes dialect takes them over. Immutable.
 */
public final class ClusterObjects {

    public static final ClusterObjects EMPTY = of(List.of());

    private final List<RawResource> services = new ArrayList<>();
    private final Map<String, RawResource> configMaps = new HashMap<>();
    private final Map<String, Map<String, String>> namespaceLabels = new HashMap<>();
    private final Map<String, Map<String, String>> namespaceAnnotations = new HashMap<>();

    private ClusterObjects() {}

    /** Picks them out of everything that is configured. */
    public static ClusterObjects of(List<RawResource> resources) {
        ClusterObjects objects = new ClusterObjects();
        for (RawResource resource : resources) {
            if (!resource.group().isEmpty()) {
                continue;
            }
            switch (resource.kind()) {
                case "Service" -> objects.services.add(resource);
                case "ConfigMap" ->
                        objects.configMaps.put(
                                resource.namespace() + "/" + resource.name(), resource);
                case "Namespace" -> {
                    merge(objects.namespaceLabels, resource.name(), resource.labels());
                    merge(objects.namespaceAnnotations, resource.name(), resource.annotations());
                }
                default -> {}
            }
        }
        return objects;
    }

    private static void merge(
            Map<String, Map<String, String>> all, String name, Map<String, String> more) {
        all.computeIfAbsent(name, n -> new HashMap<>()).putAll(more);
    }

    public List<RawResource> services() {
        return List.copyOf(services);
    }

    public Optional<RawResource> configMap(String namespace, String name) {
        return Optional.ofNullable(configMaps.get(namespace + "/" + name));
    }

    /** Its labels, with the one that Kubernetes gives to every namespace. */
    public Map<String, String> namespaceLabels(String namespace) {
        Map<String, String> labels = new HashMap<>(namespaceLabels.getOrDefault(namespace, Map.of()));
        labels.put("kubernetes.io/metadata.name", namespace);
        return labels;
    }

    public Map<String, String> namespaceAnnotations(String namespace) {
        return Map.copyOf(namespaceAnnotations.getOrDefault(namespace, Map.of()));
    }
}
