package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import java.util.Map;

/**
 * Which workloads a policy holds for.
 *
 * @param everywhere whether the policy stands in the root namespace
 * @param labels empty selects every workload
 */
record WorkloadSelection(String namespace, boolean everywhere, Map<String, String> labels) {

    WorkloadSelection {
        labels = Map.copyOf(labels);
    }

    static WorkloadSelection read(Field selector, CompileContext context) {
        return read(selector, context.rootNamespace());
    }

    static WorkloadSelection read(Field selector, String rootNamespace) {
        String namespace = selector.resource().namespace();
        return new WorkloadSelection(
                namespace, namespace.equals(rootNamespace), selector.get("matchLabels").texts());
    }

    boolean hasSelector() {
        return !labels.isEmpty();
    }

    boolean selects(WorkloadView workload) {
        return (everywhere || namespace.equals(workload.namespace())) && workload.hasLabels(labels);
    }
}
