package io.weft.compiler.dialect.consul.filter;

import io.weft.compiler.dialect.consul.filter.Expression.Operator;
import io.weft.compiler.dialect.consul.filter.Expression.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter by recursive descent: {@code or} of {@code and} of {@code not} of comparisons.
 * Messages name the place where reading stopped. For one thread.
 */
public final class FilterParser {

    private static final Pattern SPACE = Pattern.compile("[ \\t\\r\\n]*");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_/]*");
    private static final Pattern MEMBER = Pattern.compile("[a-zA-Z0-9_/]+|[0-9]+");
    private static final Pattern BINDING = Pattern.compile("_|[a-zA-Z][a-zA-Z0-9_/]*");
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");
    private static final Pattern POINTER =
            Pattern.compile("/[\\p{L}\\p{N}._\\-~:|]+(?:/[\\p{L}\\p{N}._\\-~:|]+)*");
    private static final int MAX_DEPTH = 50;

    private final String text;
    private int at;
    private int depth;

    private FilterParser(String text) {
        this.text = text;
    }

    /**
     * Reads a filter.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Expression parse(String text) {
        FilterParser parser = new FilterParser(text);
        Expression expression = parser.or();
        parser.space();
        if (parser.at < text.length()) {
            throw parser.wrong("and, or or the end");
        }
        return expression;
    }

    private Expression or() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested too deeply");
        }
        Expression left = and();
        while (word("or")) {
            left = new Expression.Or(left, and());
        }
        depth--;
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (word("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        int start = at;
        if (word("not") && !follows("==", "!=", "in ", "is ", "contains ", "matches ", "not in ")) {
            if (++depth > MAX_DEPTH) {
                throw new IllegalArgumentException("nested too deeply");
            }
            Expression operand = not();
            depth--;
            return operand instanceof Expression.Not twice
                    ? twice.operand()
                    : new Expression.Not(operand);
        }
        at = start;
        if (symbol("(")) {
            Expression inner = or();
            if (!symbol(")")) {
                throw wrong("a closing parenthesis");
            }
            return inner;
        }
        Expression quantified = quantified();
        return quantified == null ? comparison() : quantified;
    }

    private @Nullable Expression quantified() {
        int start = at;
        boolean all = word("all");
        if (!all && !word("any")) {
            return null;
        }
        Selector selector = selector();
        if (selector == null || !word("as")) {
            // A field may have the name of the word.
            at = start;
            return null;
        }
        String first = required(BINDING, "a name");
        String second = symbol(",") ? required(BINDING, "a name") : null;
        if (!symbol("{")) {
            throw wrong("{");
        }
        Expression inner = or();
        if (!symbol("}")) {
            throw wrong("}");
        }
        return new Expression.Quantified(
                all, selector, second == null ? "" : first, second == null ? first : second, inner);
    }

    private Expression comparison() {
        int start = at;
        Selector selector = selector();
        if (selector != null) {
            Expression found = operatorAfter(selector);
            if (found != null) {
                return found;
            }
        }
        at = start;
        String value = value();
        boolean negated = word("not");
        if (!word("in")) {
            throw wrong("in, or a field and ==, !=, contains, is or matches");
        }
        Selector container = selector();
        if (container == null) {
            throw wrong("a field");
        }
        return new Expression.Comparison(container, negated ? Operator.NOT_IN : Operator.IN, value);
    }

    private @Nullable Expression operatorAfter(Selector selector) {
        if (symbol("==")) {
            return new Expression.Comparison(selector, Operator.EQUAL, value());
        }
        if (symbol("!=")) {
            return new Expression.Comparison(selector, Operator.NOT_EQUAL, value());
        }
        if (word("is")) {
            boolean negated = word("not");
            if (word("nil")) {
                return new Expression.Comparison(
                        selector, negated ? Operator.IS_NOT_NIL : Operator.IS_NIL, null);
            }
            if (!word("empty")) {
                throw wrong("empty or nil");
            }
            return new Expression.Comparison(
                    selector, negated ? Operator.IS_NOT_EMPTY : Operator.IS_EMPTY, null);
        }
        boolean negated = word("not");
        if (word("contains")) {
            return new Expression.Comparison(
                    selector, negated ? Operator.NOT_IN : Operator.IN, value());
        }
        if (word("matches")) {
            return new Expression.Comparison(
                    selector, negated ? Operator.NOT_MATCHES : Operator.MATCHES, value());
        }
        return null;
    }

    private @Nullable Selector selector() {
        space();
        if (at < text.length() && text.charAt(at) == '"') {
            int start = at;
            String pointer = quoted();
            if (POINTER.matcher(pointer).matches()) {
                List<String> path = new ArrayList<>();
                for (String part : pointer.substring(1).split("/", -1)) {
                    path.add(part.replace("~1", "/").replace("~0", "~"));
                }
                return new Selector(true, path);
            }
            at = start;
            return null;
        }
        String name = taken(NAME);
        if (name == null) {
            return null;
        }
        List<String> path = new ArrayList<>(List.of(name));
        while (at < text.length()) {
            if (text.charAt(at) == '.') {
                at++;
                String member = taken(MEMBER);
                if (member == null) {
                    throw wrong("a name");
                }
                path.add(member);
            } else if (text.charAt(at) == '[') {
                at++;
                path.add(index());
            } else {
                break;
            }
        }
        return new Selector(false, path);
    }

    private String index() {
        space();
        if (at >= text.length() || text.charAt(at) != '"' && text.charAt(at) != '`') {
            throw wrong("a name in quotes");
        }
        String name = quoted();
        if (!symbol("]")) {
            throw wrong("a closing bracket");
        }
        return name;
    }

    private String value() {
        space();
        if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '`')) {
            return quoted();
        }
        String number = taken(NUMBER);
        if (number != null) {
            if (at < text.length() && !isEnd(text.charAt(at))) {
                throw wrong("a number");
            }
            return number;
        }
        Selector name = selector();
        if (name == null) {
            throw wrong("a value");
        }
        return String.join(".", name.path());
    }

    private static boolean isEnd(char c) {
        return Character.isWhitespace(c) || c == ')' || c == '}' || c == '!' || c == '=';
    }

    private String quoted() {
        char quote = text.charAt(at++);
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != quote) {
            if (quote == '"' && text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (at >= text.length()) {
            throw wrong("a closing " + quote);
        }
        at++;
        return value.toString();
    }

    private void space() {
        taken(SPACE);
    }

    private @Nullable String taken(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return null;
        }
        at = matcher.end();
        return matcher.group();
    }

    private String required(Pattern pattern, String expected) {
        space();
        String found = taken(pattern);
        if (found == null) {
            throw wrong(expected);
        }
        return found;
    }

    /** A word that nothing goes on with. */
    private boolean word(String word) {
        int start = at;
        space();
        int end = at + word.length();
        boolean found =
                text.startsWith(word, at)
                        && (end == text.length() || !isPartOfName(text.charAt(end)));
        at = found ? end : start;
        return found;
    }

    private static boolean isPartOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '/' || c == '.' || c == '[';
    }

    private boolean symbol(String symbol) {
        int start = at;
        space();
        boolean found = text.startsWith(symbol, at);
        at = found ? at + symbol.length() : start;
        return found;
    }

    private boolean follows(String... texts) {
        int start = at;
        space();
        String rest = text.substring(at).replaceFirst("^(\\S+)\\s+", "$1 ");
        at = start;
        for (String one : texts) {
            if (rest.startsWith(one)) {
                return true;
            }
        }
        return false;
    }

    private IllegalArgumentException wrong(String expected) {
        String rest = at < text.length() ? "'" + text.substring(at) + "'" : "the end";
        return new IllegalArgumentException(
                rest + " at character " + (at + 1) + " (expected: " + expected + ")");
    }
}
