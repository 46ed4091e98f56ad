package io.weft.cli.support;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Kubernetes label selector as YAML gives it. */
record LabelSelector(@Nullable Object selector) {

    /** Why the labels do not fit; empty when they do. */
    String mismatch(Map<?, ?> labels) {
        if (!(selector instanceof Map<?, ?> parts)) {
            return "";
        }
        if (parts.get("matchLabels") instanceof Map<?, ?> wanted) {
            for (Map.Entry<?, ?> each : wanted.entrySet()) {
                if (!String.valueOf(each.getValue()).equals(text(labels.get(each.getKey())))) {
                    return each.getKey() + " is not " + each.getValue();
                }
            }
        }
        if (parts.get("matchExpressions") instanceof List<?> expressions) {
            for (Object each : expressions) {
                String problem = each instanceof Map<?, ?> one ? mismatch(one, labels) : "";
                if (!problem.isEmpty()) {
                    return problem;
                }
            }
        }
        return "";
    }

    private static String mismatch(Map<?, ?> expression, Map<?, ?> labels) {
        Object key = expression.get("key");
        List<String> values =
                expression.get("values") instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of();
        boolean there = labels.containsKey(key);
        boolean listed = there && values.contains(text(labels.get(key)));
        return switch (String.valueOf(expression.get("operator"))) {
            case "In" -> listed ? "" : key + " is not one of " + values;
            case "NotIn" -> listed ? key + " is one of " + values : "";
            case "Exists" -> there ? "" : "there is no label " + key;
            case "DoesNotExist" -> there ? "there is a label " + key : "";
            default -> "operator " + expression.get("operator") + " is unknown";
        };
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : String.valueOf(value);
    }
}
