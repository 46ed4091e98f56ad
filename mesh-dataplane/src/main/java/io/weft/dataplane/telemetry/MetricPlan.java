package io.weft.dataplane.telemetry;

import io.weft.model.telemetry.Metrics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The changes to the standard metrics, compiled: which are left out on which side, and where the
 * values of their labels come from. Immutable, apart from the values that its tags have had.
 */
final class MetricPlan {

    private static final int REMOVED = -1;
    private static final int MAX_TAG_LENGTH = 256;

    private final List<Tag> tags = new ArrayList<>();
    private final Map<StandardMetric, Change> client = new EnumMap<>(StandardMetric.class);
    private final Map<StandardMetric, Change> server = new EnumMap<>(StandardMetric.class);

    private record Tag(LogValue value, BoundedValues<String> bound) {}

    /** What happens to one metric on one side; the tags are by label: index, or removed. */
    private static final class Change {
        private boolean disabled;
        private final Map<String, Integer> tags = new HashMap<>();
    }

    /**
     * @param overflow gives, by tag, what to call when a value was one too many
     */
    static MetricPlan compile(Metrics metrics, Function<String, Runnable> overflow) {
        MetricPlan plan = new MetricPlan();
        for (StandardMetric metric : StandardMetric.values()) {
            plan.client.put(metric, new Change());
            plan.server.put(metric, new Change());
        }
        for (Metrics.Override override : metrics.overrides()) {
            Map<String, Integer> changes = new HashMap<>();
            for (Metrics.TagChange change : override.tags()) {
                changes.put(change.tag(), plan.tag(change, metrics.maxTagValues(), overflow));
            }
            for (StandardMetric metric : StandardMetric.values()) {
                if (override.metric().equals(metric.name())
                        || override.metric().equals("ALL_METRICS")) {
                    plan.apply(metric, override, changes);
                }
            }
        }
        return plan;
    }

    private int tag(Metrics.TagChange change, int limit, Function<String, Runnable> overflow) {
        if (change.expression().isEmpty()) {
            return REMOVED;
        }
        tags.add(
                new Tag(
                        TagExpression.compile(change.tag(), change.expression()),
                        new BoundedValues<>(limit, overflow.apply(change.tag()))));
        return tags.size() - 1;
    }

    private void apply(
            StandardMetric metric, Metrics.Override override, Map<String, Integer> changes) {
        for (Change side : sides(metric, override.reporter())) {
            Boolean disabled = override.disabled();
            side.disabled = disabled == null ? side.disabled : disabled;
            side.tags.putAll(changes);
        }
    }

    private List<Change> sides(StandardMetric metric, String reporter) {
        Change callers = client.get(metric);
        Change callees = server.get(metric);
        if (callers == null || callees == null) {
            throw new IllegalStateException("every metric has both sides: " + metric);
        }
        return switch (reporter) {
            case "CLIENT" -> List.of(callers);
            case "SERVER" -> List.of(callees);
            default -> List.of(callers, callees);
        };
    }

    /** The values of all configured tags for an exchange; most plans have none. */
    List<String> tagValues(ExchangeView exchange) {
        if (tags.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>(tags.size());
        for (Tag tag : tags) {
            Object value = tag.value().of(exchange);
            String text =
                    switch (value) {
                        case null -> "unknown";
                        case Double d when d == Math.rint(d) -> Long.toString(d.longValue());
                        default -> value.toString();
                    };
            String shown =
                    text.length() > MAX_TAG_LENGTH ? text.substring(0, MAX_TAG_LENGTH) : text;
            values.add(tag.bound().admits(shown) ? shown : BoundedValues.OTHER);
        }
        return values;
    }

    boolean disabled(StandardMetric metric, boolean inbound) {
        return change(metric, inbound).disabled;
    }

    private Change change(StandardMetric metric, boolean inbound) {
        return sides(metric, inbound ? "SERVER" : "CLIENT").getFirst();
    }

    /** The labels of a metric: the standard ones, then those that any side adds. */
    List<String> labelNames(StandardMetric metric) {
        List<String> names = new ArrayList<>(metric.labels());
        for (Change side : sides(metric, "CLIENT_AND_SERVER")) {
            side.tags.entrySet().stream()
                    .filter(tag -> tag.getValue() != REMOVED && !names.contains(tag.getKey()))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList()
                    .forEach(names::add);
        }
        return names;
    }

    /**
     * The values for {@link #labelNames}.
     *
     * @param standard as {@link StandardLabels#values} gives them
     */
    String[] labelValues(
            StandardMetric metric, List<String> names, String[] standard, SeriesKey key) {
        Map<String, Integer> changes = change(metric, key.inbound()).tags;
        String[] values = new String[names.size()];
        for (int i = 0; i < values.length; i++) {
            Integer change = changes.get(names.get(i));
            if (change != null) {
                values[i] = change == REMOVED ? "" : key.tags().get(change);
            } else {
                values[i] = i < metric.labels().size() ? standard[i] : "";
            }
        }
        return values;
    }
}
