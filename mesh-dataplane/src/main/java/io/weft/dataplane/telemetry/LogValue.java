package io.weft.dataplane.telemetry;

import org.jspecify.annotations.Nullable;

/** One command operator of an access log, ready to be asked. */
@FunctionalInterface
interface LogValue {

    /** A {@link CharSequence} or a {@link Number}; null where there is nothing to say. */
    @Nullable Object of(ExchangeView exchange);
}
