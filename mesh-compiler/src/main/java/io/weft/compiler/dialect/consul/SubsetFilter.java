package io.weft.compiler.dialect.consul;

import com.google.re2j.Pattern;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.model.cluster.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A subset's filter in the go-bexpr language, over a service's metadata, which are the workload's
 * labels. A recursive descent: {@code or} of {@code and} of {@code not} of comparisons.
 */
final class SubsetFilter {

    private static final java.util.regex.Pattern TOKEN =
            java.util.regex.Pattern.compile(
                    "\\s*(?:(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)|(==|!=|[()\\[\\]])"
                            + "|([^\\s()\\[\\]\"`=!]+))");
    private static final int MAX_DEPTH = 50;

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, String> equalities = new TreeMap<>();
    private boolean onlyEqualities = true;
    private int at;
    private int depth;

    private SubsetFilter(String text) {
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (end < text.length() && matcher.find(end) && matcher.start() == end) {
            tokens.add(matcher.group().strip());
            end = matcher.end();
        }
        if (!text.substring(end).isBlank()) {
            throw new IllegalArgumentException("not understood at '" + text.substring(end) + "'");
        }
    }

    /**
     * Reads a filter; one that only asks for equal labels becomes labels.
     *
     * @throws IllegalArgumentException when it is not a filter, or asks for an unknown field
     */
    static ClusterPlan.Subset parse(String text) {
        SubsetFilter filter = new SubsetFilter(text);
        Predicate<Endpoint> predicate = filter.or();
        if (filter.at < filter.tokens.size()) {
            throw new IllegalArgumentException(
                    "'" + filter.tokens.get(filter.at) + "' is one too many");
        }
        return filter.onlyEqualities
                ? new ClusterPlan.Subset(filter.equalities, null)
                : new ClusterPlan.Subset(Map.of(), predicate);
    }

    private @Nullable String peek() {
        return at < tokens.size() ? tokens.get(at) : null;
    }

    private String next(String expected) {
        String token = peek();
        if (token == null) {
            throw new IllegalArgumentException("ends too early (expected: " + expected + ")");
        }
        at++;
        return token;
    }

    private boolean accept(String word) {
        boolean found = word.equals(peek());
        at += found ? 1 : 0;
        return found;
    }

    private Predicate<Endpoint> or() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deeply");
        }
        Predicate<Endpoint> left = and();
        while (accept("or")) {
            onlyEqualities = false;
            left = left.or(and());
        }
        depth--;
        return left;
    }

    private Predicate<Endpoint> and() {
        Predicate<Endpoint> left = not();
        while (accept("and")) {
            left = left.and(not());
        }
        return left;
    }

    private Predicate<Endpoint> not() {
        boolean negated = false;
        while (accept("not")) {
            onlyEqualities = false;
            negated = !negated;
        }
        Predicate<Endpoint> operand;
        if (accept("(")) {
            operand = or();
            if (!accept(")")) {
                throw new IllegalArgumentException("a parenthesis is not closed");
            }
        } else {
            operand = comparison();
        }
        return negated ? operand.negate() : operand;
    }

    private Predicate<Endpoint> comparison() {
        String first = next("a condition");
        if (peek() != null && (peek().equals("in") || isNotIn())) {
            boolean negated = accept("not");
            at++;
            Selector selector = selector(next("a field"));
            return contains(selector, unquoted(first), negated);
        }
        Selector selector = selector(first);
        String operator = next("==, !=, in, contains, is empty or matches");
        boolean negated = false;
        if (operator.equals("not")) {
            negated = true;
            operator = next("in, contains or matches");
        }
        switch (operator) {
            case "==" -> {
                return equal(selector, value(), false);
            }
            case "!=" -> {
                return equal(selector, value(), true);
            }
            case "contains" -> {
                return contains(selector, value(), negated);
            }
            case "matches" -> {
                return matches(selector, value(), negated);
            }
            case "is" -> {
                boolean not = accept("not");
                if (!accept("empty")) {
                    throw new IllegalArgumentException("'is' without 'empty'");
                }
                onlyEqualities = false;
                return endpoint -> {
                    String value = selector.of(endpoint);
                    return (value == null || value.isEmpty()) != not;
                };
            }
            default ->
                    throw new IllegalArgumentException(
                            "'" + operator + "' (expected: ==, !=, in, contains, is, matches)");
        }
    }

    private boolean isNotIn() {
        return "not".equals(peek()) && at + 1 < tokens.size() && tokens.get(at + 1).equals("in");
    }

    private String value() {
        return unquoted(next("a value"));
    }

    private static String unquoted(String token) {
        if (token.startsWith("`")) {
            return token.substring(1, token.length() - 1);
        }
        return token.startsWith("\"")
                ? token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1")
                : token;
    }

    private Predicate<Endpoint> equal(Selector selector, String value, boolean negated) {
        if (negated) {
            onlyEqualities = false;
            return endpoint -> !value.equals(selector.of(endpoint));
        }
        if (equalities.putIfAbsent(selector.key(), value) != null) {
            onlyEqualities = false;
        }
        return endpoint -> value.equals(selector.of(endpoint));
    }

    private Predicate<Endpoint> contains(Selector selector, String part, boolean negated) {
        onlyEqualities = false;
        return endpoint -> {
            String value = selector.of(endpoint);
            return (value != null && value.contains(part)) != negated;
        };
    }

    private Predicate<Endpoint> matches(Selector selector, String regex, boolean negated) {
        onlyEqualities = false;
        Pattern pattern = Pattern.compile(regex);
        return endpoint -> {
            String value = selector.of(endpoint);
            return (value != null && pattern.matcher(value).find()) != negated;
        };
    }

    /** A label of the workload. */
    private record Selector(String key) {
        @Nullable String of(Endpoint endpoint) {
            return endpoint.labels().get(key);
        }
    }

    private Selector selector(String token) {
        String key = "";
        for (String root : List.of("Service.Meta", "Node.Meta")) {
            if (token.startsWith(root + ".")) {
                key = token.substring(root.length() + 1);
            } else if (token.equals(root) && accept("[")) {
                key = unquoted(next("a name in quotes"));
                if (!accept("]")) {
                    throw new IllegalArgumentException("a bracket is not closed");
                }
            }
        }
        if (key.isEmpty()) {
            throw new IllegalArgumentException(
                    "field '" + token + "' (expected: Service.Meta.NAME)");
        }
        return new Selector(key);
    }
}
