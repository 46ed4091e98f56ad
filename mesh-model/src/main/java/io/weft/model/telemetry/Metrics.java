package io.weft.model.telemetry;

import io.weft.model.Origin;
import java.util.List;

/**
 * Changes to the standard metrics.
 *
 * @param maxTagValues values that a tag taken from requests may have before it becomes {@code
 *     other}
 */
public record Metrics(List<Override> overrides, int maxTagValues) {

    public static final Metrics DEFAULT = new Metrics(List.of(), 100);

    public Metrics {
        overrides = List.copyOf(overrides);
    }

    /**
     * @param metric Istio's name such as {@code REQUEST_COUNT}, or {@code ALL_METRICS}
     * @param reporter which side: {@code CLIENT}, {@code SERVER} or {@code CLIENT_AND_SERVER}
     */
    public record Override(
            String metric, String reporter, boolean disabled, List<TagChange> tags, Origin origin) {
        public Override {
            tags = List.copyOf(tags);
        }
    }

    /**
     * @param expression what gives the value; empty removes the tag
     */
    public record TagChange(String tag, String expression) {}
}
