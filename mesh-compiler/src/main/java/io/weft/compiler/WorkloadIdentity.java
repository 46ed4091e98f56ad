package io.weft.compiler;

import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.WorkloadId;
import io.weft.model.catalog.RegisteredPort;
import io.weft.model.catalog.Registration;
import java.util.List;
import java.util.Map;

/**
 * The workload for which a configuration is built.
 *
 * @param ports its own ports, as it declares them
 * @param gateway whether Gateway resources may select it by its labels
 */
public record WorkloadIdentity(
        WorkloadId id,
        String serviceAccount,
        Map<String, String> labels,
        List<RegisteredPort> ports,
        boolean gateway) {

    public WorkloadIdentity {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
    }

    /** The identity that a registration states (and its certificate has proven). */
    public static WorkloadIdentity of(Registration registration) {
        return new WorkloadIdentity(
                registration.workload(),
                registration.serviceAccount(),
                registration.labels(),
                registration.ports(),
                registration.gateway());
    }

    WorkloadView view() {
        return new WorkloadView(id.namespace(), id.name(), serviceAccount, labels, gateway);
    }
}
