package io.weft.dataplane;

/**
 * A port of a gateway.
 *
 * @param port the logical port, as Gateway resources name it, for example 443
 * @param localPort what is bound; 0 takes a free port
 * @param proxyProtocol whether connections begin with a PROXY header, as load balancers send it;
 *     those without one are refused, for anybody could claim any address otherwise
 */
public record GatewayBinding(int port, int localPort, boolean proxyProtocol) {

    /** A port without the PROXY protocol. */
    public GatewayBinding(int port, int localPort) {
        this(port, localPort, false);
    }
}
