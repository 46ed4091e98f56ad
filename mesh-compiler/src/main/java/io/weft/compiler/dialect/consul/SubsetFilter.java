package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.consul.filter.Expression;
import io.weft.compiler.dialect.consul.filter.Expression.Comparison;
import io.weft.compiler.dialect.consul.filter.Expression.Operator;
import io.weft.compiler.dialect.consul.filter.Expression.Selector;
import io.weft.compiler.dialect.consul.filter.FilterEvaluator;
import io.weft.compiler.dialect.consul.filter.FilterParser;
import io.weft.compiler.dialect.consul.filter.Schema;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A subset's filter over a service's metadata, which are the workload's labels. */
final class SubsetFilter {

    private static final Schema META =
            new Schema.Struct(Map.of("Meta", new Schema.MapOf(Schema.Scalar.STRING)));
    private static final FilterEvaluator EVALUATOR =
            new FilterEvaluator(new Schema.Struct(Map.of("Service", META, "Node", META)), null);

    private SubsetFilter() {}

    /**
     * Reads a filter; one that only asks for equal labels becomes labels.
     *
     * @throws IllegalArgumentException when it is not a filter, or asks for an unknown field
     */
    static ClusterPlan.Subset parse(String text) {
        Expression expression = FilterParser.parse(text);
        EVALUATOR.test(expression, view(Map.of()));
        requireMeta(expression);
        Map<String, String> labels = new TreeMap<>();
        if (onlyEqualities(expression, labels)) {
            return new ClusterPlan.Subset(labels, null);
        }
        return new ClusterPlan.Subset(
                Map.of(), endpoint -> EVALUATOR.test(expression, view(endpoint.labels())));
    }

    private static Map<String, Object> view(Map<String, String> labels) {
        Map<String, Object> meta = Map.of("Meta", labels);
        return Map.of("Service", meta, "Node", meta);
    }

    /** What is short-circuited when it is first tried must be known as well. */
    private static void requireMeta(Expression expression) {
        switch (expression) {
            case Expression.And and -> {
                requireMeta(and.left());
                requireMeta(and.right());
            }
            case Expression.Or or -> {
                requireMeta(or.left());
                requireMeta(or.right());
            }
            case Expression.Not not -> requireMeta(not.operand());
            case Comparison comparison -> {
                requireMeta(comparison.selector());
                if (comparison.operator() == Operator.MATCHES
                        || comparison.operator() == Operator.NOT_MATCHES) {
                    com.google.re2j.Pattern.compile(Objects.requireNonNull(comparison.value()));
                }
            }
            case Expression.Quantified quantified -> requireMeta(quantified.selector());
        }
    }

    private static void requireMeta(Selector selector) {
        int size = selector.path().size();
        boolean known =
                size >= 2
                        && size <= 3
                        && (selector.path().getFirst().equals("Service")
                                || selector.path().getFirst().equals("Node"))
                        && selector.path().get(1).equals("Meta");
        if (!known) {
            throw new IllegalArgumentException(
                    "field '" + selector + "' (expected: Service.Meta.NAME)");
        }
    }

    private static boolean onlyEqualities(Expression expression, Map<String, String> labels) {
        return switch (expression) {
            case Expression.And and ->
                    onlyEqualities(and.left(), labels) && onlyEqualities(and.right(), labels);
            case Comparison comparison -> {
                String value = comparison.value();
                yield comparison.operator() == Operator.EQUAL
                        && comparison.selector().path().size() == 3
                        && value != null
                        && labels.putIfAbsent(comparison.selector().path().getLast(), value)
                                == null;
            }
            case Expression.Or or -> false;
            case Expression.Not not -> false;
            case Expression.Quantified quantified -> false;
        };
    }
}
