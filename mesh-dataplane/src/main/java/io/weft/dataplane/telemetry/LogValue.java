package io.weft.dataplane.telemetry;

import org.jspecify.annotations.Nullable;

/** One command operator of an access log, ready to be asked. */
@FunctionalInterface
interface LogValue {

    /** What never holds a character that would have to be escaped, whatever callers send. */
    record Safe(LogValue value) implements LogValue {

        @Override
        public @Nullable Object of(ExchangeView exchange) {
            return value.of(exchange);
        }
    }

    /** A {@link CharSequence} or a {@link Number}; null where there is nothing to say. */
    @Nullable Object of(ExchangeView exchange);
}
