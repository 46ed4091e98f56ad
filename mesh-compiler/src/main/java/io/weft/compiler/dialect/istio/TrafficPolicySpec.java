package io.weft.compiler.dialect.istio;

import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.ProxyProtocol;
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
            @Nullable TlsSpec tls,
            @Nullable ProxyProtocol proxyProtocol) {

        static final Blocks EMPTY = new Blocks(null, null, null, null, null);

        /** The PROXY header is a matter of the whole policy, ports say nothing of it. */
        Blocks announcing(@Nullable ProxyProtocol header) {
            return new Blocks(balancing, limits, outlier, tls, header);
        }

        Blocks over(Blocks parent) {
            return new Blocks(
                    balancing != null ? balancing : parent.balancing,
                    limits != null ? limits : parent.limits,
                    outlier != null ? outlier : parent.outlier,
                    tls != null ? tls : parent.tls,
                    proxyProtocol != null ? proxyProtocol : parent.proxyProtocol);
        }
    }

    /** The load balancer block. */
    record Balancing(
            LoadBalancing algorithm,
            @Nullable LocalityPolicy locality,
            EndpointCare.@Nullable SlowStart warmup) {}

    /**
     * What holds for a port of a subset: blocks of the subset go before the parent's, but a policy
     * of the port (the subset's, else the parent's) stands for itself.
     */
    static Blocks effective(TrafficPolicySpec parent, TrafficPolicySpec subset, int port) {
        Blocks ofPort = subset.byPort.get(port);
        if (ofPort == null) {
            ofPort = parent.byPort.get(port);
        }
        Blocks ofAll = subset.blocks.over(parent.blocks);
        return ofPort != null ? ofPort.announcing(ofAll.proxyProtocol) : ofAll;
    }
}
