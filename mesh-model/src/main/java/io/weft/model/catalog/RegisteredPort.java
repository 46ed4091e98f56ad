package io.weft.model.catalog;

import io.weft.model.AppProtocol;

/**
 * A port that a workload offers.
 *
 * @param port the workload's own port, as policies write it
 * @param meshPort where its sidecar accepts connections for that port; the same as {@code port}
 *     under transparent capture
 */
public record RegisteredPort(String name, int port, AppProtocol protocol, int meshPort) {}
