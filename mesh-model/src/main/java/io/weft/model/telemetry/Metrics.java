package io.weft.model.telemetry;

import io.weft.model.Origin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes to the standard metrics, and a choice among the proxy's own.
 *
 * @param overrides in order: a later one changes what an earlier one left
 * @param maxTagValues values that a tag taken from requests may have before it becomes {@code
 *     other}
 * @param stats null for none
 */
public record Metrics(List<Override> overrides, int maxTagValues, @Nullable StatSelection stats) {

    public static final Metrics DEFAULT = new Metrics(List.of(), 100);

    public Metrics {
        overrides = List.copyOf(overrides);
        stats = StatSelection.NONE.equals(stats) ? null : stats;
    }

    /** Without statistics of the proxy. */
    public Metrics(List<Override> overrides, int maxTagValues) {
        this(overrides, maxTagValues, null);
    }

    /** Which of the proxy's statistics are served. */
    public StatSelection selection() {
        return stats == null ? StatSelection.NONE : stats;
    }

    /**
     * @param metric Istio's name such as {@code REQUEST_COUNT}, or {@code ALL_METRICS}
     * @param reporter which side: {@code CLIENT}, {@code SERVER} or {@code CLIENT_AND_SERVER}
     * @param disabled switches the metric off or on again; null leaves it as it is
     */
    public record Override(
            String metric,
            String reporter,
            @Nullable Boolean disabled,
            List<TagChange> tags,
            Origin origin) {
        public Override {
            tags = List.copyOf(tags);
        }
    }

    /**
     * @param expression what gives the value; empty removes the tag
     */
    public record TagChange(String tag, String expression) {}
}
