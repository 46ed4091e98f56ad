package io.weft.model.cluster;

import java.util.List;
import java.util.Map;

/**
 * Balancing over localities.
 *
 * @param failover whether farther localities are used only when nearer ones lack healthy endpoints
 * @param priorityLabels labels whose cumulative equality ranks endpoints before locality
 * @param regionFailover region to the region that takes over
 * @param distribute weights by locality pattern; not empty turns failover off
 */
public record LocalityPolicy(
        boolean failover,
        List<String> priorityLabels,
        Map<String, String> regionFailover,
        Map<String, Integer> distribute) {

    public static final LocalityPolicy OFF =
            new LocalityPolicy(false, List.of(), Map.of(), Map.of());

    public LocalityPolicy {
        priorityLabels = List.copyOf(priorityLabels);
        regionFailover = Map.copyOf(regionFailover);
        distribute = Map.copyOf(distribute);
    }
}
