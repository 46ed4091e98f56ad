package io.weft.model;

/** A service by namespace and name. */
public record ServiceId(String namespace, String name) implements Comparable<ServiceId> {

    public static final String DOMAIN_SUFFIX = "svc.cluster.local";

    public ServiceId {
        if (namespace.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "service: '" + namespace + "/" + name + "' (expected: namespace/name)");
        }
    }

    /** The fully qualified host name, {@code name.namespace.svc.cluster.local}. */
    public String host() {
        return name + "." + namespace + "." + DOMAIN_SUFFIX;
    }

    @Override
    public int compareTo(ServiceId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
