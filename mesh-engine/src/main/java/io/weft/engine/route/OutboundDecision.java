package io.weft.engine.route;

import io.weft.model.Origin;
import io.weft.model.listener.OutboundNetwork;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.WorkloadConfig;
import java.net.InetAddress;

/**
 * Whether a workload may call what the mesh does not know.
 *
 * @param origin what says so
 */
public record OutboundDecision(OutboundPolicy policy, Origin origin) {

    /**
     * Decides by the first network that covers the address, else by the policy for all of the
     * outside. A name has no address here: where some network is closed to the workload it is
     * refused, since it might lead there.
     *
     * @param host an address or a name; names are not looked up
     */
    public static OutboundDecision of(WorkloadConfig config, String host) {
        byte[] address = config.networks().isEmpty() ? null : address(host);
        for (OutboundNetwork network : config.networks()) {
            boolean decides =
                    address != null
                            ? network.covers(address)
                            : network.policy() == OutboundPolicy.REGISTRY_ONLY;
            if (decides) {
                return new OutboundDecision(network.policy(), network.origin());
            }
        }
        OutboundPolicy policy = config.outboundPolicy();
        return new OutboundDecision(policy, Origin.builtIn("outbound traffic policy " + policy));
    }

    private static byte @org.jspecify.annotations.Nullable [] address(String host) {
        try {
            return InetAddress.ofLiteral(host).getAddress();
        } catch (IllegalArgumentException e) {
            return null; // A name.
        }
    }

    /** Whether it is refused. */
    public boolean closed() {
        return policy == OutboundPolicy.REGISTRY_ONLY;
    }
}
