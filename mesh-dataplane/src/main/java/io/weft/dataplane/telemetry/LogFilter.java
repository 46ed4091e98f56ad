package io.weft.dataplane.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Which exchanges are logged: a filter of a Telemetry resource, in CEL. As in Envoy, an exchange
 * that lacks what the filter asks for is not logged; {@code has(…)} asks whether it is there.
 */
final class LogFilter {

    private static final LogFilter ALL = new LogFilter(null);

    /** Null lets everything pass, and loads nothing of CEL. */
    private final @Nullable CelExpression expression;

    private LogFilter(@Nullable CelExpression expression) {
        this.expression = expression;
    }

    /**
     * Compiles an expression; an empty one lets everything pass.
     *
     * @throws IllegalArgumentException when it is no CEL, or no question
     */
    static LogFilter compile(String expression) {
        return expression.isBlank()
                ? ALL
                : new LogFilter(CelExpression.compile("access log filter", expression, true));
    }

    boolean test(ExchangeView exchange) {
        return expression == null || Boolean.TRUE.equals(expression.of(exchange));
    }
}
