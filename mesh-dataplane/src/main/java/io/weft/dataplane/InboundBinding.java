package io.weft.dataplane;

import io.weft.model.AppProtocol;

/**
 * A port of the workload that the sidecar guards.
 *
 * @param port the workload's own port, as policies write it
 * @param protocol what the application speaks there
 * @param appAddress where the application really listens
 * @param appPort and its port
 * @param meshPort where the sidecar accepts connections for it; 0 takes a free port
 */
public record InboundBinding(
        int port, String name, AppProtocol protocol, String appAddress, int appPort, int meshPort) {

    /** The application on 127.0.0.1 behind a free mesh port. */
    public static InboundBinding of(int port, String name, AppProtocol protocol, int appPort) {
        return new InboundBinding(port, name, protocol, "127.0.0.1", appPort, 0);
    }
}
