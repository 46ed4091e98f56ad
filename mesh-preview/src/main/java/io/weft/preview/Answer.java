package io.weft.preview;

import io.weft.engine.explain.Explanation;
import java.util.List;

/**
 * What becomes of a request.
 *
 * @param explanation of the share that gets the most
 * @param callee whom that share reaches, {@code namespace/name}; empty outside the mesh
 * @param shares each destination of the route that gets requests; empty when none is reached
 */
public record Answer(Explanation explanation, String callee, List<PerShare> shares) {

    public Answer {
        shares = List.copyOf(shares);
    }

    /** What one of a route's destinations would make of it. */
    public record PerShare(
            String destination, double percent, String callee, Explanation explanation) {}

    /** Whether every share ends alike, by the same line. */
    public boolean isUniform() {
        return shares.stream()
                        .map(share -> share.explanation().decision())
                        .map(end -> List.of(end.result(), end.status(), end.origin()))
                        .distinct()
                        .count()
                <= 1;
    }
}
