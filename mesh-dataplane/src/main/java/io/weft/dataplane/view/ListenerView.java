package io.weft.dataplane.view;

/**
 * A bound port.
 *
 * @param kind {@code inbound}, {@code outbound}, {@code upstream} or {@code gateway}
 * @param name port name, destination, or empty
 * @param address bound address
 * @param port bound port
 * @param logicalPort the workload's or the gateway's port that it stands for, 0 for none
 * @param protocol as declared
 * @param mtls mode of an inbound port in force, else empty
 * @param mtlsOrigin what set the mode
 */
public record ListenerView(
        String kind,
        String name,
        String address,
        int port,
        int logicalPort,
        String protocol,
        String mtls,
        String mtlsOrigin) {}
