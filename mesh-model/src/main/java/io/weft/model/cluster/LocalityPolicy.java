package io.weft.model.cluster;

import io.weft.model.Locality;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Balancing over localities.
 *
 * @param failover whether farther localities are used only when nearer ones lack healthy endpoints
 * @param priorityLabels labels whose cumulative equality ranks endpoints before locality
 * @param regionFailover region to the region that takes over
 * @param distribute weights by locality pattern; not empty turns failover off
 * @param distributeFrom the same by the caller's own locality, of which the first holds that covers
 *     it; null for none
 */
public record LocalityPolicy(
        boolean failover,
        List<String> priorityLabels,
        Map<String, String> regionFailover,
        Map<String, Integer> distribute,
        @Nullable List<Distribution> distributeFrom) {

    public static final LocalityPolicy OFF =
            new LocalityPolicy(false, List.of(), Map.of(), Map.of());

    /** Weights for the callers of a locality, both by pattern. */
    public record Distribution(String from, Map<String, Integer> to) {
        public Distribution {
            to = Map.copyOf(to);
        }
    }

    public LocalityPolicy {
        priorityLabels = List.copyOf(priorityLabels);
        regionFailover = Map.copyOf(regionFailover);
        distribute = Map.copyOf(distribute);
        distributeFrom = distributeFrom == null ? null : List.copyOf(distributeFrom);
    }

    /** One that says the same to callers everywhere. */
    public LocalityPolicy(
            boolean failover,
            List<String> priorityLabels,
            Map<String, String> regionFailover,
            Map<String, Integer> distribute) {
        this(failover, priorityLabels, regionFailover, distribute, null);
    }

    /** What it says to a caller there: nothing where it is about callers of other places alone. */
    public LocalityPolicy at(Locality own) {
        if (distributeFrom == null) {
            return this;
        }
        return distributeFrom.stream()
                .filter(each -> own.isWithin(each.from()))
                .findFirst()
                .map(each -> new LocalityPolicy(false, List.of(), Map.of(), each.to()))
                .orElse(OFF);
    }
}
