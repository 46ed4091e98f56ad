package io.weft.compiler.analysis.mesh;

import io.weft.compiler.analysis.view.MeshView;
import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * An ALLOW rule of an AuthorizationPolicy, as far as it takes to see what it leaves of others.
 *
 * @param callers whom it admits, in words
 * @param methods empty for all
 * @param paths empty for all
 */
record PolicyRule(
        Field policy,
        Field place,
        boolean asksForToken,
        boolean excludes,
        String callers,
        Set<String> methods,
        Set<String> paths) {

    static List<PolicyRule> all(MeshView mesh) {
        List<PolicyRule> rules = new ArrayList<>();
        for (Field policy : mesh.all(MeshView.SECURITY, "AuthorizationPolicy")) {
            boolean shadow = "true".equals(policy.resource().annotations().get("istio.io/dry-run"));
            if (!shadow && policy.get("spec").get("action").text("ALLOW").equals("ALLOW")) {
                for (Field rule : policy.get("spec").get("rules").items()) {
                    rules.add(read(policy, rule));
                }
            }
        }
        return rules;
    }

    private static PolicyRule read(Field policy, Field rule) {
        List<Field> sources =
                rule.get("from").items().stream().map(from -> from.get("source")).toList();
        boolean everySourceAsks =
                !sources.isEmpty()
                        && sources.stream()
                                .allMatch(s -> !s.get("requestPrincipals").items().isEmpty());
        boolean conditionAsks =
                rule.get("when").items().stream()
                        .anyMatch(when ->
                                when.get("key").text("").startsWith("request.auth.")
                                        && !when.get("values").items().isEmpty());
        boolean otherConditions =
                rule.get("when").items().stream()
                        .anyMatch(when ->
                                !when.get("key").text("").startsWith("request.headers")
                                        || !when.get("notValues").items().isEmpty());
        Set<String> methods = operations(rule, "methods");
        Set<String> paths = operations(rule, "paths");
        return new PolicyRule(
                policy,
                rule,
                everySourceAsks || conditionAsks,
                otherConditions,
                callers(sources),
                methods,
                paths);
    }

    /** The values of all operations; none as soon as one operation leaves them open. */
    private static Set<String> operations(Field rule, String name) {
        Set<String> values = new TreeSet<>();
        for (Field to : rule.get("to").items()) {
            List<String> some = to.get("operation").get(name).textItems();
            if (some.isEmpty()) {
                return Set.of();
            }
            values.addAll(some);
        }
        return values;
    }

    private static String callers(List<Field> sources) {
        List<String> names = new ArrayList<>();
        for (Field source : sources) {
            for (String kind : List.of("principals", "namespaces", "serviceAccounts", "ipBlocks")) {
                List<String> values = source.get(kind).textItems();
                if (!values.isEmpty()) {
                    names.add(kind + " " + String.join(", ", values));
                }
            }
        }
        return names.isEmpty() ? "anybody" : "callers of " + String.join(" or ", names);
    }

    Map<String, String> selector() {
        return policy.get("spec").get("selector").get("matchLabels").texts();
    }

    /** Whether both rules hold for some workload. */
    boolean meets(PolicyRule other, String rootNamespace) {
        String mine = policy.resource().namespace();
        String theirs = other.policy.resource().namespace();
        boolean together =
                mine.equals(theirs) || mine.equals(rootNamespace) || theirs.equals(rootNamespace);
        Map<String, String> labels = other.selector();
        return together
                && selector().entrySet().stream()
                        .allMatch(e ->
                                labels.getOrDefault(e.getKey(), e.getValue()).equals(e.getValue()));
    }

    /** Whether some request is the business of both rules. */
    boolean sharesOperations(PolicyRule other) {
        return common(methods, other.methods, String::equals)
                && common(paths, other.paths, PolicyRule::overlap);
    }

    private static boolean common(
            Set<String> mine, Set<String> theirs, BiPredicate<String, String> same) {
        return mine.isEmpty()
                || theirs.isEmpty()
                || mine.stream().anyMatch(a -> theirs.stream().anyMatch(b -> same.test(a, b)));
    }

    private static boolean overlap(String one, String other) {
        return covers(one, other) || covers(other, one);
    }

    private static boolean covers(String wide, String narrow) {
        if (wide.endsWith("*")) {
            return narrow.startsWith(wide.substring(0, wide.length() - 1));
        }
        return wide.startsWith("*") ? narrow.endsWith(wide.substring(1)) : wide.equals(narrow);
    }
}
