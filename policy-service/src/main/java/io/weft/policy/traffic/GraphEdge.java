package io.weft.policy.traffic;

import org.jspecify.annotations.Nullable;

/**
 * An edge of the graph with its numbers.
 *
 * @param mutualTls whether all of it went over mTLS
 * @param principal of the caller, verified by the callee; empty when there is none
 * @param numbers the caller's where the caller reports, else the callee's
 * @param seenBySource what the caller's sidecar counted, null when it has not
 * @param seenByTarget what the callee's sidecar counted, null when it has not
 */
public record GraphEdge(
        EdgeId id,
        boolean mutualTls,
        String principal,
        Numbers numbers,
        @Nullable Numbers seenBySource,
        @Nullable Numbers seenByTarget) {}
