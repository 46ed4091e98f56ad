package io.weft.blog.launcher.topology;

import io.weft.model.AppProtocol;

/**
 * A port of a workload.
 *
 * @param port as policies write it
 * @param appPort where the application really listens
 * @param meshPort where its sidecar accepts connections for it
 */
public record PortSpec(String name, int port, AppProtocol protocol, int appPort, int meshPort) {}
