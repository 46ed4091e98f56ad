package io.weft.dataplane;

/**
 * Ports that the kernel brings connections to, by the rules of weft-init.
 *
 * @param outboundPort where the application's own connections come (REDIRECT); 0 takes a free one,
 *     -1 has none
 * @param inboundPort where connections to the application come, in place of a port of the sidecar's
 *     for each of the application's; -1 has none
 * @param transparent whether the inbound port takes TPROXY's connections in place of redirected
 *     ones, which needs CAP_NET_ADMIN
 */
public record CaptureBinding(int outboundPort, int inboundPort, boolean transparent) {

    /** Nothing is captured. */
    public static final CaptureBinding NONE = new CaptureBinding(-1, -1, false);

    /** The application's connections only. */
    public static CaptureBinding outbound(int port) {
        return new CaptureBinding(port, -1, false);
    }

    /** Whether connections to the application are captured. */
    public boolean isInbound() {
        return inboundPort >= 0;
    }
}
