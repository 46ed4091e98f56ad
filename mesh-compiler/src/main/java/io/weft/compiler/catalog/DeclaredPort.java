package io.weft.compiler.catalog;

import io.weft.model.AppProtocol;
import io.weft.model.catalog.ServicePort;

/**
 * A port of a service as declared.
 *
 * @param port what callers use
 * @param targetPort the workload's port, 0 where {@code targetName} says it
 * @param targetName name of the workload's port, empty where {@code targetPort} says it
 */
public record DeclaredPort(
        String name, int port, AppProtocol protocol, int targetPort, String targetName) {

    static DeclaredPort of(ServicePort port) {
        return new DeclaredPort(port.name(), port.port(), port.protocol(), port.targetPort(), "");
    }

    /** Whether the workload's port is this port's target. */
    boolean targets(int workloadPort, String workloadPortName) {
        return targetName.isEmpty()
                ? targetPort == workloadPort
                : targetName.equals(workloadPortName);
    }
}
