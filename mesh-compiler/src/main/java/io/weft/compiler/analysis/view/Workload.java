package io.weft.compiler.analysis.view;

import io.weft.compiler.yaml.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pod, the template of pods (a Deployment and its like), or a running instance.
 *
 * @param kind of the resource; {@code Workload} for a running instance
 * @param resource the Pod, Deployment …; null for a running instance
 * @param spec the pod's specification; null for a running instance
 */
public record Workload(
        String kind,
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        @Nullable Field resource,
        @Nullable Field spec) {

    public Workload {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** Whether it has all these labels. */
    public boolean has(Map<String, String> selector) {
        return Labels.match(selector, labels);
    }

    public boolean isPod() {
        return kind.equals("Pod");
    }
}
