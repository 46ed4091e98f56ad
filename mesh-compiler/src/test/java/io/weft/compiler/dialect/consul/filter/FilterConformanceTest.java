package io.weft.compiler.dialect.consul.filter;

import io.weft.compiler.conformance.ConformanceData;
import io.weft.compiler.conformance.ConformanceData.Json;
import io.weft.compiler.conformance.Score;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The cases of go-bexpr. */
class FilterConformanceTest {

    private static final int EVALUATE_REACHED = 231;
    private static final int GRAMMAR_REACHED = 86;
    private static final int FILTER_REACHED = 4;

    @Test
    void evaluatesAsConsulDoes() {
        Json file = ConformanceData.set("consul-filter").json("evaluate.json");
        Score score = new Score("consul-filter/evaluate");
        for (Json one : file.get("cases").items()) {
            Json set = file.get("datasets").get(one.get("dataset").text());
            Json options = one.get("options");
            FilterEvaluator evaluator =
                    new FilterEvaluator(
                            schema(set.get("schema")),
                            options.has("unknownValue")
                                    ? options.get("unknownValue").text()
                                    : null);
            String expected = one.has("error") ? "error" : one.get("result").text();
            String actual =
                    outcome(evaluator, one.get("expression").text(), set.get("data").value());
            score.record(
                    one.get("dataset").text() + ": " + one.get("expression").text(),
                    actual.equals(expected)
                            || expected.equals("error") && actual.startsWith("error"),
                    actual);
        }
        score.atLeast(EVALUATE_REACHED);
    }

    @Test
    void readsTheSameTrees() {
        Json file = ConformanceData.set("consul-filter").json("grammar.json");
        Score score = new Score("consul-filter/grammar");
        for (Json one : file.get("cases").items()) {
            String text = one.get("expression").text();
            if (one.get("optional").bool()) {
                score.leaveOut("a limit that nobody needs");
                continue;
            }
            String actual;
            try {
                actual = tree(FilterParser.parse(text));
            } catch (IllegalArgumentException e) {
                actual = "error " + e.getMessage();
            }
            boolean error = actual.startsWith("error");
            boolean pass =
                    one.has("error")
                            ? error
                            : !error && (!one.has("ast") || actual.equals(tree(one.get("ast"))));
            score.record(text, pass, actual);
        }
        score.atLeast(GRAMMAR_REACHED);
    }

    @Test
    void keepsWhatHolds() {
        Json file = ConformanceData.set("consul-filter").json("filter.json");
        Score score = new Score("consul-filter/filter");
        for (Json one : file.get("cases").items()) {
            FilterEvaluator evaluator = new FilterEvaluator(schema(one.get("elementSchema")), null);
            Expression expression = FilterParser.parse(one.get("expression").text());
            Object input = Objects.requireNonNull(one.get("input").value());
            Object kept;
            if (input instanceof Map<?, ?> map) {
                Map<Object, Object> some = new LinkedHashMap<>();
                map.forEach((key, value) -> {
                    if (evaluator.test(expression, value)) {
                        some.put(key, value);
                    }
                });
                kept = some;
            } else {
                kept =
                        ((List<?>) input)
                                .stream().filter(item -> evaluator.test(expression, item)).toList();
            }
            score.record(
                    one.get("name").text(),
                    kept.equals(one.get("expected").value()),
                    kept.toString());
        }
        score.atLeast(FILTER_REACHED);
    }

    private static String outcome(FilterEvaluator evaluator, String text, @Nullable Object data) {
        try {
            return Boolean.toString(
                    evaluator.test(FilterParser.parse(text), Objects.requireNonNull(data)));
        } catch (IllegalArgumentException e) {
            return "error " + e.getMessage();
        }
    }

    private static Schema schema(Json json) {
        return switch (json.get("kind").text()) {
            case "struct" -> {
                Map<String, Schema> fields = new HashMap<>();
                for (String name : json.get("fields").names()) {
                    fields.put(name, schema(json.get("fields").get(name)));
                }
                yield new Schema.Struct(fields);
            }
            case "map" -> new Schema.MapOf(schema(json.get("of")));
            case "list" -> new Schema.ListOf(schema(json.get("of")));
            case "string" -> Schema.Scalar.STRING;
            case "bool" -> Schema.Scalar.BOOL;
            case "int", "uint" -> Schema.Scalar.INTEGER;
            case "float" -> Schema.Scalar.DECIMAL;
            default -> Schema.Scalar.ANY;
        };
    }

    private static String tree(Json ast) {
        Map<String, String> members = new TreeMap<>();
        for (String name : ast.names()) {
            Json value = ast.get(name);
            members.put(
                    name,
                    value.names().isEmpty()
                            ? value.items().isEmpty()
                                    ? value.text()
                                    : value.items().stream()
                                            .map(Json::text)
                                            .collect(Collectors.joining("|"))
                            : tree(value));
        }
        return members.toString();
    }

    private static String tree(Expression expression) {
        Map<String, String> members = new TreeMap<>();
        switch (expression) {
            case Expression.And and -> both(members, "and", and.left(), and.right());
            case Expression.Or or -> both(members, "or", or.left(), or.right());
            case Expression.Not not -> {
                members.put("node", "not");
                members.put("operand", tree(not.operand()));
            }
            case Expression.Comparison comparison -> {
                members.put("node", "match");
                members.put(
                        "operator",
                        comparison
                                .operator()
                                .name()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', '-'));
                members.put("selector", selector(comparison.selector()));
                String value = comparison.value();
                if (value != null) {
                    members.put("value", value);
                }
            }
            case Expression.Quantified quantified -> {
                members.put("node", quantified.all() ? "all" : "any");
                members.put("selector", selector(quantified.selector()));
                members.put("inner", tree(quantified.inner()));
                members.put(
                        "binding",
                        quantified.index().isEmpty()
                                ? Map.of("default", quantified.item()).toString()
                                : new TreeMap<>(
                                                Map.of(
                                                        "index",
                                                        quantified.index(),
                                                        "value",
                                                        quantified.item()))
                                        .toString());
            }
        }
        return members.toString();
    }

    private static void both(
            Map<String, String> members, String node, Expression left, Expression right) {
        members.put("node", node);
        members.put("left", tree(left));
        members.put("right", tree(right));
    }

    private static String selector(Expression.Selector selector) {
        Map<String, String> members = new TreeMap<>();
        members.put("type", selector.pointer() ? "json-pointer" : "dotted");
        members.put("path", String.join("|", selector.path()));
        return members.toString();
    }
}
