package io.weft.compiler.dialect.istio;

import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A traffic policy; null blocks are not written.
 *
 * @param byPort policies of single ports
 */
record TrafficPolicySpec(Blocks blocks, Map<Integer, Blocks> byPort) {

    static final TrafficPolicySpec EMPTY = new TrafficPolicySpec(Blocks.EMPTY, Map.of());

    TrafficPolicySpec {
        byPort = Map.copyOf(byPort);
    }

    /** The blocks that are replaced as a whole. */
    record Blocks(
            @Nullable Balancing balancing,
            @Nullable ConnectionLimits limits,
            @Nullable OutlierDetection outlier,
            @Nullable TlsSpec tls) {

        static final Blocks EMPTY = new Blocks(null, null, null, null);

        Blocks over(Blocks parent) {
            return new Blocks(
                    balancing != null ? balancing : parent.balancing,
                    limits != null ? limits : parent.limits,
                    outlier != null ? outlier : parent.outlier,
                    tls != null ? tls : parent.tls);
        }
    }

    /** The load balancer block. */
    record Balancing(LoadBalancing algorithm, @Nullable LocalityPolicy locality) {}

    /**
     * What holds for a port of a subset: blocks of the subset go before the parent's, but a policy
     * of the port (the subset's, else the parent's) stands for itself.
     */
    static Blocks effective(TrafficPolicySpec parent, TrafficPolicySpec subset, int port) {
        Blocks ofPort = subset.byPort.get(port);
        if (ofPort == null) {
            ofPort = parent.byPort.get(port);
        }
        return ofPort != null ? ofPort : subset.blocks.over(parent.blocks);
    }
}
