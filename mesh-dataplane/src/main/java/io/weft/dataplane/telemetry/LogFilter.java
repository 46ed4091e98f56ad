package io.weft.dataplane.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which exchanges are logged: the part of CEL that filters of Istio's Telemetry use. Attributes as
 * {@code response.code}, literals, comparisons, {@code && || !}, parentheses, {@code has(…)},
 * {@code startsWith}, {@code endsWith}, {@code contains}. What is missing compares as false.
 */
final class LogFilter {

    private static final LogFilter ALL = new LogFilter(exchange -> true);
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(?:(?<number>-?\\d+(?:\\.\\d+)?)|(?<text>'[^']*'|\"[^\"]*\")"
                            + "|(?<name>[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)*)"
                            + "|(?<sign>&&|\\|\\||==|!=|<=|>=|[!<>()\\[\\],.]))");
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> METHODS = Set.of("startsWith", "endsWith", "contains");
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_DEPTH = 50;

    private static final Map<String, LogValue> ATTRIBUTES =
            Map.ofEntries(
                    Map.entry("response.code", e -> (double) e.status()),
                    Map.entry("response.code_details", e -> e.responseCodeDetails()),
                    Map.entry("response.flags", e -> e.responseFlags()),
                    Map.entry("response.size", e -> (double) e.bytesSent()),
                    Map.entry(
                            "response.grpc_status",
                            e -> e.grpcStatus() < 0 ? null : (double) e.grpcStatus()),
                    Map.entry("request.method", e -> e.http() ? e.method() : null),
                    Map.entry("request.path", e -> e.http() ? e.originalPath() : null),
                    Map.entry("request.url_path", e -> e.http() ? pathOnly(e) : null),
                    Map.entry("request.host", e -> e.http() ? e.authority() : null),
                    Map.entry("request.scheme", e -> e.http() ? e.scheme() : null),
                    Map.entry("request.protocol", e -> e.protocol()),
                    Map.entry("request.size", e -> (double) e.bytesReceived()),
                    Map.entry("request.duration", e -> e.durationNanos() / 1e6),
                    Map.entry("connection.mtls", e -> e.mutualTls() ? "true" : "false"),
                    Map.entry("connection.requested_server_name", e -> e.sni()),
                    Map.entry("upstream.cluster_name", e -> e.upstreamCluster()));

    private final Condition condition;

    private interface Condition {
        boolean holds(ExchangeView exchange);
    }

    private LogFilter(Condition condition) {
        this.condition = condition;
    }

    /**
     * Compiles an expression; an empty one lets everything pass.
     *
     * @throws IllegalArgumentException when it is not of the part of CEL above
     */
    static LogFilter compile(String expression) {
        if (expression.isBlank()) {
            return ALL;
        }
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "access log filter: "
                            + expression.length()
                            + " characters (expected: <= 4096)");
        }
        return new LogFilter(new Parser(expression).parse());
    }

    boolean test(ExchangeView exchange) {
        return condition.holds(exchange);
    }

    /** One attribute or literal, for the tags of metrics too; null when there is no such one. */
    static @Nullable LogValue attribute(String name) {
        return ATTRIBUTES.get(name);
    }

    private static String pathOnly(ExchangeView e) {
        int query = e.originalPath().indexOf('?');
        return query < 0 ? e.originalPath() : e.originalPath().substring(0, query);
    }

    /** By recursive descent: or, and, not, comparison, operand. */
    private static final class Parser {

        private final String expression;
        private final List<String> tokens = new ArrayList<>();
        private int at;
        private int depth;

        Parser(String expression) {
            this.expression = expression;
            Matcher matcher = TOKEN.matcher(expression.strip());
            int end = 0;
            while (end < matcher.regionEnd()) {
                matcher.region(end, expression.strip().length());
                if (!matcher.lookingAt()) {
                    throw bad("a token at " + end);
                }
                tokens.add(matcher.group().strip());
                end = matcher.end();
            }
        }

        Condition parse() {
            Condition condition = or();
            if (at < tokens.size()) {
                throw bad("the end instead of '" + tokens.get(at) + "'");
            }
            return condition;
        }

        private Condition or() {
            Condition left = and();
            while (accept("||")) {
                Condition first = left;
                Condition second = and();
                left = e -> first.holds(e) || second.holds(e);
            }
            return left;
        }

        private Condition and() {
            Condition left = not();
            while (accept("&&")) {
                Condition first = left;
                Condition second = not();
                left = e -> first.holds(e) && second.holds(e);
            }
            return left;
        }

        private Condition not() {
            if (++depth > MAX_DEPTH) {
                throw bad("less nesting");
            }
            try {
                if (accept("!")) {
                    Condition inner = not();
                    return e -> !inner.holds(e);
                }
                if (accept("(")) {
                    Condition inner = or();
                    expect(")");
                    return inner;
                }
                return comparison();
            } finally {
                depth--;
            }
        }

        private Condition comparison() {
            if (accept("has")) {
                expect("(");
                LogValue value = operand();
                expect(")");
                return e -> value.of(e) != null;
            }
            LogValue left = operand();
            for (String method : METHODS) {
                if (accept("." + method) || accept(".") && acceptOrBack(method)) {
                    expect("(");
                    LogValue argument = operand();
                    expect(")");
                    return e -> applies(method, left.of(e), argument.of(e));
                }
            }
            String sign = at < tokens.size() ? tokens.get(at) : "";
            if (COMPARISONS.contains(sign)) {
                at++;
                LogValue right = operand();
                return e -> compares(sign, left.of(e), right.of(e));
            }
            return e -> "true".equals(left.of(e));
        }

        private LogValue operand() {
            String token = next();
            char first = token.charAt(0);
            if (first == '\'' || first == '"') {
                String text = token.substring(1, token.length() - 1);
                if (accept("in")) {
                    LogValue headers = headers(next(), text);
                    return e -> headers.of(e) != null ? "true" : "false";
                }
                return e -> text;
            }
            if (first == '-' || Character.isDigit(first)) {
                Double number = Double.valueOf(token);
                return e -> number;
            }
            if (token.equals("true") || token.equals("false")) {
                return e -> token;
            }
            if (accept("[")) {
                String name = next();
                expect("]");
                return headers(token, name.replaceAll("^['\"]|['\"]$", ""));
            }
            String attribute = token;
            for (String method : METHODS) {
                if (token.endsWith("." + method)) {
                    // The method was read as part of the name: give it back.
                    attribute = token.substring(0, token.length() - method.length() - 1);
                    tokens.add(at, "." + method);
                }
            }
            LogValue value = ATTRIBUTES.get(attribute);
            if (value == null) {
                throw bad("an attribute instead of '" + attribute + "'");
            }
            return value;
        }

        private LogValue headers(String map, String name) {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            return switch (map) {
                case "request.headers" -> LogOperators.compile("REQ(" + lower + ")");
                case "response.headers" -> LogOperators.compile("RESP(" + lower + ")");
                default -> throw bad("request.headers or response.headers");
            };
        }

        private boolean accept(String token) {
            if (at < tokens.size() && tokens.get(at).equals(token)) {
                at++;
                return true;
            }
            return false;
        }

        private boolean acceptOrBack(String token) {
            boolean accepted = accept(token);
            at -= accepted ? 0 : 1;
            return accepted;
        }

        private void expect(String token) {
            if (!accept(token)) {
                throw bad("'" + token + "'");
            }
        }

        private String next() {
            if (at >= tokens.size()) {
                throw bad("more");
            }
            return tokens.get(at++);
        }

        private IllegalArgumentException bad(String expected) {
            return new IllegalArgumentException(
                    "access log filter: '" + expression + "' (expected: " + expected + ")");
        }

        private static boolean applies(
                String method, @Nullable Object subject, @Nullable Object argument) {
            if (!(subject instanceof String text) || !(argument instanceof String part)) {
                return false;
            }
            return switch (method) {
                case "startsWith" -> text.startsWith(part);
                case "endsWith" -> text.endsWith(part);
                default -> text.contains(part);
            };
        }

        private static boolean compares(
                String sign, @Nullable Object left, @Nullable Object right) {
            if (left == null || right == null) {
                return false;
            }
            if (!(left instanceof Double) || !(right instanceof Double)) {
                boolean equal = left.toString().equals(right.toString());
                return sign.equals("==") ? equal : sign.equals("!=") && !equal;
            }
            int order = Double.compare((Double) left, (Double) right);
            return switch (sign) {
                case "==" -> order == 0;
                case "!=" -> order != 0;
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }
    }
}
