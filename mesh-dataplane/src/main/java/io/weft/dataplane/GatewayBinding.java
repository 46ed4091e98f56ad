package io.weft.dataplane;

/**
 * A port of a gateway.
 *
 * @param port the logical port, as Gateway resources name it, for example 443
 * @param localPort what is bound; 0 takes a free port
 */
public record GatewayBinding(int port, int localPort) {}
