package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.consul.chain.ChainTarget;
import io.weft.model.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Targets of chains as hosts and subsets of the mesh. Another datacenter is a region: its instances
 * are those whose locality is in the region of that name. It stands in the subset's name behind an
 * {@code @}, which no subset of Consul has.
 */
final class TargetNames {

    private static final String AT = "@";

    private TargetNames() {}

    static String host(ChainTarget target) {
        return target.peer().isEmpty()
                ? Names.host(target.service())
                : Names.peerHost(target.service(), target.peer());
    }

    /** The subset's name in the mesh. */
    static String subset(ChainTarget target, String localDatacenter) {
        boolean here = target.datacenter().isEmpty() || target.datacenter().equals(localDatacenter);
        return here ? target.subset() : target.subset() + AT + target.datacenter();
    }

    /** Its name in Consul. */
    static String plain(String subset) {
        int at = subset.indexOf(AT);
        return at < 0 ? subset : subset.substring(0, at);
    }

    /** The datacenter in the name; empty for none. */
    static String datacenter(String subset) {
        int at = subset.indexOf(AT);
        return at < 0 ? "" : subset.substring(at + 1);
    }

    /** Only the endpoints of a region. */
    static ClusterPlan.Subset inRegion(ClusterPlan.@Nullable Subset subset, String region) {
        return narrowed(subset, endpoint -> endpoint.locality().region().equals(region));
    }

    /** All but the endpoints of some regions. */
    static ClusterPlan.Subset outside(ClusterPlan.@Nullable Subset subset, List<String> regions) {
        return narrowed(subset, endpoint -> !regions.contains(endpoint.locality().region()));
    }

    private static ClusterPlan.Subset narrowed(
            ClusterPlan.@Nullable Subset subset, Predicate<Endpoint> region) {
        if (subset == null) {
            return new ClusterPlan.Subset(Map.of(), region);
        }
        Predicate<Endpoint> filter = subset.filter();
        return new ClusterPlan.Subset(
                subset.labels(), filter == null ? region : filter.and(region));
    }
}
