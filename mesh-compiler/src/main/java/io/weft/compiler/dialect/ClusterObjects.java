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
    private final List<RawResource> namespaces = new ArrayList<>();
    private final List<RawResource> workloads = new ArrayList<>();
    private final Map<String, Map<String, String>> namespaceLabels = new HashMap<>();

    private ClusterObjects() {}

    /** Picks them out of everything that is configured. */
    public static ClusterObjects of(List<RawResource> resources) {
        ClusterObjects objects = new ClusterObjects();
        for (RawResource resource : resources) {
            switch (resource.group() + "/" + resource.kind()) {
                case "/Service" -> objects.services.add(resource);
                case "/ConfigMap" ->
                        objects.configMaps.put(
                                resource.namespace() + "/" + resource.name(), resource);
                case "/Namespace" -> {
                    objects.namespaces.add(resource);
                    objects.namespaceLabels
                            .computeIfAbsent(resource.name(), n -> new HashMap<>())
                            .putAll(resource.labels());
                }
                case "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet" ->
                        objects.workloads.add(resource);
                default -> {}
            }
        }
        return objects;
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

    public List<RawResource> namespaces() {
        return List.copyOf(namespaces);
    }

    /** Deployments, StatefulSets and DaemonSets. */
    public List<RawResource> workloads() {
        return List.copyOf(workloads);
    }
}
