package io.weft.compiler.dialect.consul.filter;

import com.google.re2j.Pattern;
import io.weft.compiler.dialect.consul.filter.Expression.Comparison;
import io.weft.compiler.dialect.consul.filter.Expression.Operator;
import io.weft.compiler.dialect.consul.filter.Expression.Quantified;
import io.weft.compiler.dialect.consul.filter.Expression.Selector;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The truth of an expression about a value. Immutable and thread-safe. */
public final class FilterEvaluator {

    /** A value with its type; absent where a map has no such key. */
    private record Found(@Nullable Object value, Schema schema, boolean absent) {
        static Found nothing() {
            return new Found(null, Schema.Scalar.ANY, true);
        }
    }

    private final Schema root;
    private final @Nullable String unknown;

    /**
     * An evaluator of values of one type.
     *
     * @param unknown stands in for whatever is not found; null for none
     */
    public FilterEvaluator(Schema root, @Nullable String unknown) {
        this.root = root;
        this.unknown = unknown;
    }

    /**
     * Whether the expression holds.
     *
     * @throws IllegalArgumentException when it asks for what the type does not have
     */
    public boolean test(Expression expression, Object value) {
        return test(expression, new Found(value, root, false), Map.of());
    }

    private boolean test(Expression expression, Found top, Map<String, Found> names) {
        return switch (expression) {
            case Expression.And and ->
                    test(and.left(), top, names) && test(and.right(), top, names);
            case Expression.Or or -> test(or.left(), top, names) || test(or.right(), top, names);
            case Expression.Not not -> !test(not.operand(), top, names);
            case Comparison comparison -> compare(comparison, top, names);
            case Quantified quantified -> quantify(quantified, top, names);
        };
    }

    private boolean compare(Comparison comparison, Found top, Map<String, Found> names) {
        Operator operator = comparison.operator();
        Found found = find(comparison.selector(), top, names);
        if (found.absent()) {
            return operator.holdsOfNothing();
        }
        Object value = found.value();
        String wanted = Objects.requireNonNullElse(comparison.value(), "");
        return switch (operator) {
            case EQUAL -> equal(value, wanted, comparison.selector());
            case NOT_EQUAL -> !equal(value, wanted, comparison.selector());
            case IN -> contains(found, wanted, comparison.selector());
            case NOT_IN -> !contains(found, wanted, comparison.selector());
            case IS_EMPTY -> isEmpty(found, comparison.selector());
            case IS_NOT_EMPTY -> !isEmpty(found, comparison.selector());
            case MATCHES -> matches(value, wanted, comparison.selector());
            case NOT_MATCHES -> !matches(value, wanted, comparison.selector());
            case IS_NIL -> value == null;
            case IS_NOT_NIL -> value != null;
        };
    }

    private Found find(Selector selector, Found top, Map<String, Found> names) {
        List<String> path = selector.path();
        Found bound = names.get(path.getFirst());
        Found at = bound == null ? top : bound;
        for (int i = bound == null ? 0 : 1; i < path.size(); i++) {
            at = step(at, path.get(i), selector, i == 0);
            if (at.absent()) {
                return at;
            }
        }
        return at;
    }

    private Found step(Found at, String name, Selector selector, boolean first) {
        switch (at.schema()) {
            case Schema.Struct struct -> {
                Schema field = struct.fields().get(name);
                Object value = at.value() instanceof Map<?, ?> map ? map.get(name) : null;
                return field == null
                        ? missing(selector, "no field " + name)
                        : new Found(value, field, false);
            }
            case Schema.MapOf map -> {
                if (at.value() instanceof Map<?, ?> entries && entries.containsKey(name)) {
                    return new Found(entries.get(name), map.of(), false);
                }
                return first || unknown != null
                        ? missing(selector, "no key " + name)
                        : Found.nothing();
            }
            case Schema.ListOf list -> {
                List<?> items = at.value() instanceof List<?> some ? some : List.of();
                if (!name.matches("[0-9]{1,9}") || Integer.parseInt(name) >= items.size()) {
                    return missing(selector, "no item " + name);
                }
                return new Found(items.get(Integer.parseInt(name)), list.of(), false);
            }
            case Schema.Scalar scalar -> {
                if (scalar == Schema.Scalar.ANY && at.value() instanceof Map<?, ?> entries) {
                    return entries.containsKey(name)
                            ? new Found(entries.get(name), scalar, false)
                            : Found.nothing();
                }
                return missing(selector, "a single value has no " + name);
            }
        }
    }

    private Found missing(Selector selector, String why) {
        if (unknown != null) {
            return new Found(unknown, Schema.Scalar.STRING, false);
        }
        throw new IllegalArgumentException(selector + ": " + why);
    }

    private static boolean equal(@Nullable Object value, String wanted, Selector selector) {
        if (value instanceof Collection<?> || value instanceof Map<?, ?>) {
            throw new IllegalArgumentException(selector + ": cannot be compared as a whole");
        }
        if (value instanceof Number number) {
            try {
                return new BigDecimal(number.toString()).compareTo(new BigDecimal(wanted)) == 0;
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        selector + ": '" + wanted + "' (expected: a number)", e);
            }
        }
        return value != null && value.toString().equals(wanted);
    }

    private static boolean contains(Found found, String wanted, Selector selector) {
        if (found.schema() instanceof Schema.Struct) {
            throw new IllegalArgumentException(selector + ": a structure contains nothing");
        }
        Object value = found.value();
        if (value instanceof Map<?, ?> map) {
            return map.containsKey(wanted);
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(item -> isThe(item, wanted));
        }
        return value instanceof String text && text.contains(wanted);
    }

    private static boolean isThe(@Nullable Object item, String wanted) {
        if (item instanceof Number number) {
            try {
                return new BigDecimal(number.toString()).compareTo(new BigDecimal(wanted)) == 0;
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return item != null && item.toString().equals(wanted);
    }

    private static boolean isEmpty(Found found, Selector selector) {
        boolean sized =
                found.schema() instanceof Schema.MapOf
                        || found.schema() instanceof Schema.ListOf
                        || found.schema() == Schema.Scalar.STRING
                        || found.schema() == Schema.Scalar.ANY;
        if (!sized) {
            throw new IllegalArgumentException(selector + ": is neither empty nor not");
        }
        Object value = found.value();
        if (value instanceof Map<?, ?> map) {
            return map.isEmpty();
        }
        return value == null
                || (value instanceof Collection<?> list
                        ? list.isEmpty()
                        : value.toString().isEmpty());
    }

    private static boolean matches(@Nullable Object value, String regex, Selector selector) {
        if (value != null && !(value instanceof String)) {
            throw new IllegalArgumentException(selector + ": only texts match");
        }
        return value instanceof String text && Pattern.compile(regex).matcher(text).find();
    }

    private boolean quantify(Quantified quantified, Found top, Map<String, Found> names) {
        if (!quantified.index().isEmpty()
                && !quantified.index().equals("_")
                && quantified.index().equals(quantified.item())) {
            throw new IllegalArgumentException(
                    quantified.index() + ": one name for index and value");
        }
        Found found = find(quantified.selector(), top, names);
        if (found.absent()) {
            return quantified.all();
        }
        for (Map<String, Found> bound : bindings(quantified, found)) {
            Map<String, Found> inner = new HashMap<>(names);
            inner.putAll(bound);
            if (test(quantified.inner(), top, inner) != quantified.all()) {
                return !quantified.all();
            }
        }
        return quantified.all();
    }

    private static List<Map<String, Found>> bindings(Quantified quantified, Found found) {
        List<Map<String, Found>> all = new ArrayList<>();
        boolean single = quantified.index().isEmpty();
        Schema of =
                switch (found.schema()) {
                    case Schema.MapOf map -> map.of();
                    case Schema.ListOf list -> list.of();
                    case Schema.Struct struct -> struct;
                    case Schema.Scalar scalar -> scalar;
                };
        if (found.value() instanceof Map<?, ?> map && !(found.schema() instanceof Schema.Struct)) {
            map.forEach((key, value) -> {
                Found name = new Found(key, Schema.Scalar.STRING, false);
                Found item = new Found(value, of, false);
                all.add(single ? Map.of(quantified.item(), name) : named(quantified, name, item));
            });
        } else if (found.value() instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Found item = new Found(list.get(i), of, false);
                all.add(
                        single
                                ? Map.of(quantified.item(), item)
                                : named(
                                        quantified,
                                        new Found(i, Schema.Scalar.INTEGER, false),
                                        item));
            }
        } else {
            throw new IllegalArgumentException(
                    quantified.selector() + ": neither a list nor a map");
        }
        return all;
    }

    private static Map<String, Found> named(Quantified quantified, Found index, Found item) {
        Map<String, Found> names = new HashMap<>();
        names.put(quantified.index(), index);
        names.put(quantified.item(), item);
        names.remove("_");
        return names;
    }
}
