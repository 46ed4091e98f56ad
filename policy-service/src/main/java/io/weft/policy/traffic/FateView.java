package io.weft.policy.traffic;

import io.weft.model.WorkloadId;
import io.weft.model.wire.TrafficReport.EdgeKey;
import io.weft.model.wire.TrafficReport.Fate;
import java.time.Instant;

/**
 * A single request as people see it.
 *
 * @param number grows with each, so that one can ask for what is newer
 * @param reporter whose sidecar tells it
 * @param decidedBy {@code Kind namespace/name file:line}, empty when no policy decided
 */
public record FateView(
        long number,
        Instant at,
        WorkloadId reporter,
        String instance,
        EdgeKey edge,
        String decidedBy,
        Fate fate) {}
