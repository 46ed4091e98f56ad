package io.weft.policy.traffic;

import io.weft.model.catalog.Registration;

/**
 * Whose requests are told.
 *
 * @param kind what {@code name} names
 * @param namespace empty for all
 */
public record TapTarget(Kind kind, String namespace, String name) {

    /** As Kubernetes and Linkerd call them. */
    public enum Kind {
        /** All workloads of the namespace. */
        NAMESPACE,
        /** Every instance of one workload. */
        WORKLOAD,
        /** Every workload of a service. */
        SERVICE,
        /** One instance. */
        INSTANCE
    }

    /** Whether the registration is one of them. */
    public boolean includes(Registration registration) {
        boolean here = namespace.isEmpty() || namespace.equals(registration.workload().namespace());
        return here
                && switch (kind) {
                    case NAMESPACE -> true;
                    case WORKLOAD -> registration.workload().name().equals(name);
                    case SERVICE -> standsBehind(registration);
                    case INSTANCE -> registration.instance().equals(name);
                };
    }

    /** Sidecars on Kubernetes don't declare services: there the app label says it. */
    private boolean standsBehind(Registration registration) {
        return name.equals(registration.labels().get("app"))
                || registration.services().stream().anyMatch(each -> each.name().equals(name));
    }
}
