package io.weft.model;

/** A workload (a Deployment, say) by namespace and name; written {@code namespace/name}. */
public record WorkloadId(String namespace, String name) implements Comparable<WorkloadId> {

    public WorkloadId {
        if (namespace.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "workload: '" + namespace + "/" + name + "' (expected: namespace/name)");
        }
    }

    @Override
    public int compareTo(WorkloadId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
