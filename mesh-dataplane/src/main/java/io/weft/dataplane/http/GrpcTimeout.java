package io.weft.dataplane.http;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The header {@code grpc-timeout}: up to eight digits and a unit (gRPC over HTTP/2). */
final class GrpcTimeout {

    private static final int MAX_DIGITS = 8;
    private static final long MAX_VALUE = 99_999_999;

    private GrpcTimeout() {}

    /** Null when the text has another form. */
    static @Nullable Duration parse(String text) {
        int digits = text.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            return null;
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            value = value * 10 + digit;
        }
        ChronoUnit unit =
                switch (text.charAt(digits)) {
                    case 'H' -> ChronoUnit.HOURS;
                    case 'M' -> ChronoUnit.MINUTES;
                    case 'S' -> ChronoUnit.SECONDS;
                    case 'm' -> ChronoUnit.MILLIS;
                    case 'u' -> ChronoUnit.MICROS;
                    case 'n' -> ChronoUnit.NANOS;
                    default -> null;
                };
        return unit == null ? null : Duration.of(value, unit);
    }

    static String format(Duration time) {
        long millis = Math.max(1, time.toMillis());
        return millis <= MAX_VALUE ? millis + "m" : Math.min(MAX_VALUE, time.toSeconds()) + "S";
    }
}
