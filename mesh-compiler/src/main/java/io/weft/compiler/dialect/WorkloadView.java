package io.weft.compiler.dialect;

import java.util.Map;

/** What policies can see of a workload, be it client or server. */
public record WorkloadView(
        String namespace,
        String name,
        String serviceAccount,
        Map<String, String> labels,
        boolean gateway) {

    public WorkloadView {
        labels = Map.copyOf(labels);
    }

    /** Whether it has all of these labels. */
    public boolean hasLabels(Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }
}
