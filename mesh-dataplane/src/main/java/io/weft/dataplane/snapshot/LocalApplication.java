package io.weft.dataplane.snapshot;

import io.weft.model.AppProtocol;

/**
 * Where the application listens for a workload port.
 *
 * @param port the workload's own port
 */
public record LocalApplication(
        int port, String name, AppProtocol protocol, String address, int appPort) {}
