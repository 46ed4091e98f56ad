package io.weft.model.wire;

import java.util.List;

/**
 * How an instance is, as far as only itself knows; told when it has changed.
 *
 * @param serial of its certificate, hexadecimal
 * @param notBefore of its certificate, seconds since 1970
 * @param notAfter of its certificate, seconds since 1970
 * @param draining whether it is about to leave
 * @param leftOut endpoints that it sends nothing to; bounded by the sender
 * @param more how many endpoints it leaves out beyond these
 */
public record SidecarState(
        String serial,
        long notBefore,
        long notAfter,
        boolean draining,
        List<LeftOut> leftOut,
        int more) {

    public SidecarState {
        leftOut = List.copyOf(leftOut);
    }

    /**
     * An endpoint that takes no requests of this instance for now.
     *
     * @param host of its service
     * @param subset empty for the service as a whole
     * @param endpoint its id
     * @param sick it failed its health check; else outlier detection has ejected it
     * @param ejections how often it was ejected, less what it has made good since
     * @param why the rule that leaves it out, with its file:line
     */
    public record LeftOut(
            String host,
            int port,
            String subset,
            String endpoint,
            boolean sick,
            int ejections,
            String why) {}
}
