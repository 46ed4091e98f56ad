package io.weft.compiler.dialect;

import io.weft.compiler.yaml.RawResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' own objects that policies of every dialect refer to: any dialect may look at them,
 * only the Kubernetes dialect takes them over. Immutable.
 */
public final class ClusterObjects {

    public static final ClusterObjects EMPTY = of(List.of());

    /** For a dialect that does not look; it throws when it does nevertheless. */
    public static final ClusterObjects UNSEEN = new ClusterObjects(false);

    private final List<RawResource> services = new ArrayList<>();
    private final Map<String, RawResource> configMaps = new HashMap<>();
    private final List<RawResource> namespaces = new ArrayList<>();
    private final List<RawResource> workloads = new ArrayList<>();
    private final Map<String, Map<String, String>> namespaceLabels = new HashMap<>();

    private final boolean seen;

    private ClusterObjects(boolean seen) {
        this.seen = seen;
    }

    /** Picks them out of everything that is configured. */
    public static ClusterObjects of(List<RawResource> resources) {
        ClusterObjects objects = new ClusterObjects(true);
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
        look();
        return List.copyOf(services);
    }

    public Optional<RawResource> configMap(String namespace, String name) {
        look();
        return Optional.ofNullable(configMaps.get(namespace + "/" + name));
    }

    /** Its labels, with the one that Kubernetes gives to every namespace. */
    public Map<String, String> namespaceLabels(String namespace) {
        look();
        Map<String, String> labels =
                new HashMap<>(namespaceLabels.getOrDefault(namespace, Map.of()));
        labels.put("kubernetes.io/metadata.name", namespace);
        return labels;
    }

    public List<RawResource> namespaces() {
        look();
        return List.copyOf(namespaces);
    }

    /** Deployments, StatefulSets and DaemonSets. */
    public List<RawResource> workloads() {
        look();
        return List.copyOf(workloads);
    }

    private void look() {
        if (!seen) {
            throw new IllegalStateException(
                    "the dialect says that it does not look at the cluster");
        }
    }

    /** Whether the same resources stand in both. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClusterObjects objects
                && seen == objects.seen
                && services.equals(objects.services)
                && configMaps.equals(objects.configMaps)
                && namespaces.equals(objects.namespaces)
                && workloads.equals(objects.workloads);
    }

    @Override
    public int hashCode() {
        return Objects.hash(seen, services, configMaps, namespaces, workloads);
    }
}
