package io.weft.dataplane.assembly;

/**
 * Ports of the proxy itself: 0 takes a free one, -1 has none.
 *
 * @param admin administration, always bound to loopback
 * @param health readiness and liveness
 * @param metrics {@code /stats/prometheus}
 */
public record ProxyPorts(int admin, int health, int metrics) {

    public static final ProxyPorts NONE = new ProxyPorts(-1, -1, -1);

    /** As Istio's. */
    public static final ProxyPorts STANDARD = new ProxyPorts(15000, 15021, 15090);
}
