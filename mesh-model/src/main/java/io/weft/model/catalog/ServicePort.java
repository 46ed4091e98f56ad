package io.weft.model.catalog;

import io.weft.model.AppProtocol;

/**
 * A port of a service.
 *
 * @param port what callers use
 * @param targetPort the workload's port
 */
public record ServicePort(String name, int port, int targetPort, AppProtocol protocol) {}
