package io.weft.policy.explain;

import io.weft.engine.explain.Explanation;

/**
 * An explanation and whose configuration it was asked of.
 *
 * @param client {@code namespace/workload}, empty for a caller outside
 * @param server {@code namespace/workload port}, empty when the request reaches none that the mesh
 *     knows
 */
public record Answer(String client, String server, Explanation explanation) {}
