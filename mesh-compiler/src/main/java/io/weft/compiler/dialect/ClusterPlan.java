package io.weft.compiler.dialect;

import io.weft.model.Origin;
import io.weft.model.cluster.ConnectionLimits;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.EndpointCare;
import io.weft.model.cluster.LoadBalancing;
import io.weft.model.cluster.LocalityPolicy;
import io.weft.model.cluster.OutlierDetection;
import io.weft.model.cluster.ProxyProtocol;
import io.weft.model.cluster.UpstreamTls;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a dialect says of the connections to a service port, or to a subset of it. Null leaves the
 * default.
 *
 * @param subset how the subset that was asked for is made up; null when this dialect does not know
 *     it, or none was asked for
 * @param slowStart how a new endpoint takes on load
 * @param proxyProtocol what its connections begin with
 * @param failover targets that take over, in this order, when none of its endpoints is healthy;
 *     what takes over for them in turn does not count
 */
public record ClusterPlan(
        @Nullable Subset subset,
        @Nullable LoadBalancing balancing,
        @Nullable LocalityPolicy locality,
        @Nullable ConnectionLimits limits,
        @Nullable OutlierDetection outlier,
        @Nullable UpstreamTls tls,
        EndpointCare.@Nullable SlowStart slowStart,
        @Nullable ProxyProtocol proxyProtocol,
        List<Target> failover,
        Origin origin) {

    public ClusterPlan {
        failover = List.copyOf(failover);
    }

    /** Without slow start, PROXY header and others that take over. */
    public ClusterPlan(
            @Nullable Subset subset,
            @Nullable LoadBalancing balancing,
            @Nullable LocalityPolicy locality,
            @Nullable ConnectionLimits limits,
            @Nullable OutlierDetection outlier,
            @Nullable UpstreamTls tls,
            Origin origin) {
        this(subset, balancing, locality, limits, outlier, tls, null, null, List.of(), origin);
    }

    /** What this plan says, and what it leaves open as the other says it. */
    public ClusterPlan or(ClusterPlan other) {
        return new ClusterPlan(
                subset != null ? subset : other.subset,
                balancing != null ? balancing : other.balancing,
                locality != null ? locality : other.locality,
                limits != null ? limits : other.limits,
                outlier != null ? outlier : other.outlier,
                tls != null ? tls : other.tls,
                slowStart != null ? slowStart : other.slowStart,
                proxyProtocol != null ? proxyProtocol : other.proxyProtocol,
                failover.isEmpty() ? other.failover : failover,
                origin);
    }

    /**
     * Which endpoints belong to a subset.
     *
     * @param labels labels that an endpoint must have
     * @param filter a condition that labels cannot express; null for none
     */
    public record Subset(Map<String, String> labels, @Nullable Predicate<Endpoint> filter) {
        public Subset {
            labels = Map.copyOf(labels);
        }
    }
}
