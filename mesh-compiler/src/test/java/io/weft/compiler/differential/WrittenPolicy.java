package io.weft.compiler.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An AuthorizationPolicy as somebody wrote it.
 *
 * @param action ALLOW, DENY, AUDIT or CUSTOM
 * @param rules fields by name, as in YAML
 */
record WrittenPolicy(
        String namespace, String name, String action, boolean dryRun, List<Rule> rules) {

    /** Every list may be empty; a source or operation is its fields by name. */
    record Rule(
            List<Map<String, List<String>>> from,
            List<Map<String, List<String>>> to,
            List<Condition> when) {}

    record Condition(String key, List<String> values, List<String> notValues) {}

    /** One YAML document (in flow style). */
    String yaml() {
        List<String> written = new ArrayList<>();
        for (Rule rule : rules) {
            Map<String, String> parts = new LinkedHashMap<>();
            if (!rule.from().isEmpty()) {
                parts.put("from", holders("source", rule.from()));
            }
            if (!rule.to().isEmpty()) {
                parts.put("to", holders("operation", rule.to()));
            }
            if (!rule.when().isEmpty()) {
                parts.put("when", list(rule.when().stream().map(WrittenPolicy::written).toList()));
            }
            written.add(mapping(parts));
        }
        return """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: NAME, namespace: SPACE, annotations: {istio.io/dry-run: "DRY"}}
        spec: {action: ACTION, PROVIDERrules: RULES}
        """
                .replace("NAME", name)
                .replace("SPACE", namespace)
                .replace("DRY", Boolean.toString(dryRun))
                .replace("ACTION", action)
                .replace("PROVIDER", action.equals("CUSTOM") ? "provider: {name: asked}, " : "")
                .replace("RULES", list(written));
    }

    private static String written(Condition condition) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("key", quoted(condition.key()));
        if (!condition.values().isEmpty()) {
            fields.put("values", texts(condition.values()));
        }
        if (!condition.notValues().isEmpty()) {
            fields.put("notValues", texts(condition.notValues()));
        }
        return mapping(fields);
    }

    private static String holders(String name, List<Map<String, List<String>>> holders) {
        List<String> written = new ArrayList<>();
        for (Map<String, List<String>> holder : holders) {
            Map<String, String> fields = new LinkedHashMap<>();
            holder.forEach((field, values) -> fields.put(field, texts(values)));
            written.add(mapping(Map.of(name, mapping(fields))));
        }
        return list(written);
    }

    private static String texts(List<String> values) {
        return list(values.stream().map(WrittenPolicy::quoted).toList());
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static String list(List<String> items) {
        return "[" + String.join(", ", items) + "]";
    }

    private static String mapping(Map<String, String> fields) {
        List<String> items = new ArrayList<>();
        fields.forEach((name, value) -> items.add(name + ": " + value));
        return "{" + String.join(", ", items) + "}";
    }
}
