package io.weft.compiler.dialect;

import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Kubernetes label selector: everything must hold; without conditions it selects everything. */
public record LabelSelector(Map<String, String> labels, List<Requirement> expressions) {

    public LabelSelector {
        labels = Map.copyOf(labels);
        expressions = List.copyOf(expressions);
    }

    /** One of {@code matchExpressions}. */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /** What is asked of a label. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /** Reads {@code matchLabels} and {@code matchExpressions}. */
    public static LabelSelector read(Field selector) {
        List<Requirement> expressions = new ArrayList<>();
        for (Field item : selector.get("matchExpressions").items()) {
            Operator operator = operator(item.get("operator"));
            expressions.add(
                    new Requirement(
                            item.get("key").required(), operator, item.get("values").textItems()));
        }
        return new LabelSelector(selector.get("matchLabels").texts(), expressions);
    }

    private static Operator operator(Field field) {
        String text = field.required();
        return switch (text) {
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> {
                if (!text.isEmpty() && !text.equals("In")) {
                    field.reportValue(text, "In, NotIn, Exists, DoesNotExist");
                }
                yield Operator.IN;
            }
        };
    }

    /** Whether these labels satisfy it. */
    public boolean selects(Map<String, String> candidate) {
        return candidate.entrySet().containsAll(labels.entrySet())
                && expressions.stream().allMatch(e -> e.holds(candidate));
    }
}
