package io.weft.compiler.analysis.view;

import io.weft.compiler.yaml.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Label selectors. */
public final class Labels {

    private Labels() {}

    /** Whether all of the selector's labels are there; an empty selector matches everything. */
    public static boolean match(Map<String, String> selector, Map<String, String> labels) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    /** {@code a=b,c=d}, sorted. */
    public static String text(Map<String, String> selector) {
        return new TreeMap<>(selector)
                .entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining(","));
    }

    /** Whether a Kubernetes selector ({@code matchLabels}, {@code matchExpressions}) matches. */
    public static boolean match(Field selector, Map<String, String> labels) {
        return match(selector.get("matchLabels").texts(), labels)
                && selector.get("matchExpressions").items().stream()
                        .allMatch(expression -> holds(expression, labels));
    }

    private static boolean holds(Field expression, Map<String, String> labels) {
        String key = expression.get("key").text("");
        String value = labels.get(key);
        List<String> values = expression.get("values").textItems();
        return switch (expression.get("operator").text("")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
