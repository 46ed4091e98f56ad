package io.weft.testkit.lab.topology;

import io.weft.model.AppProtocol;

/**
 * A port of a workload.
 *
 * @param port of the Service; 0 when the Service does not have it
 * @param targetPort the workload's own
 * @param bind where the application listens
 * @param serverFirst whether a TCP application speaks before it is asked
 */
public record PortSpec(
        String name,
        int port,
        int targetPort,
        AppProtocol protocol,
        Bind bind,
        boolean serverFirst) {

    /** What an application listens on. */
    public enum Bind {
        EVERYWHERE,
        ADDRESS,
        LOCALHOST
    }
}
