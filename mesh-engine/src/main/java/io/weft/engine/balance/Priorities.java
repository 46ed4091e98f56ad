package io.weft.engine.balance;

import io.weft.model.Locality;
import io.weft.model.cluster.Endpoint;
import io.weft.model.cluster.LocalityPolicy;
import java.util.Map;

/**
 * How near an endpoint is, for fail-over.
 *
 * @param labels the own workload's labels
 */
record Priorities(LocalityPolicy policy, Locality own, Map<String, String> labels) {

    /** Sub-zone, zone, region, the region that takes over, all others. */
    static final int LOCALITY_RANKS = 5;

    /** 0 is the nearest; equal where neither locality nor labels count. */
    int rank(Endpoint endpoint) {
        if (!policy.failover() || !policy.distribute().isEmpty()) {
            return 0;
        }
        return labelRank(endpoint) * LOCALITY_RANKS + localityRank(endpoint.locality());
    }

    /** The more leading labels are equal, the nearer. */
    private int labelRank(Endpoint endpoint) {
        int equal = 0;
        for (String label : policy.priorityLabels()) {
            String mine = labels.get(label);
            if (mine == null || !mine.equals(endpoint.labels().get(label))) {
                break;
            }
            equal++;
        }
        return policy.priorityLabels().size() - equal;
    }

    private int localityRank(Locality locality) {
        int common = own.commonParts(locality);
        if (common > 0) {
            return 3 - common;
        }
        String heir = policy.regionFailover().get(own.region());
        return heir == null || heir.equals(locality.region()) ? 3 : 4;
    }
}
