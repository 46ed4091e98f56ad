package io.weft.engine.balance;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of how long its sender wants no more requests: {@code Retry-After} (RFC 9110,
 * 10.2.3) of a 429 or 503, {@code grpc-retry-pushback-ms} of gRPC. At most five minutes are
 * believed.
 */
public final class RestHint {

    /** Nothing was said, or nothing that can be read. */
    public static final long NONE = -1;

    /** What is believed at most. */
    public static final Duration MOST = Duration.ofMinutes(5);

    private RestHint() {}

    /** Nanoseconds of an HTTP answer, or {@link #NONE}. */
    public static long ofHttp(int status, @Nullable String retryAfter, Instant now) {
        if (retryAfter == null || (status != 429 && status != 503)) {
            return NONE;
        }
        String text = retryAfter.strip();
        long seconds = wholeNumber(text);
        if (seconds >= 0) {
            return capped(seconds, TimeUnit.SECONDS);
        }
        try {
            Instant until =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return until.isAfter(now)
                    ? capped(Duration.between(now, until).toMillis(), TimeUnit.MILLISECONDS)
                    : 0;
        } catch (DateTimeException e) {
            return NONE; // a server's slip is no reason to fail
        }
    }

    /** Nanoseconds of a gRPC answer's metadata, or {@link #NONE}. */
    public static long ofGrpc(@Nullable String pushbackMillis) {
        long millis = pushbackMillis == null ? NONE : wholeNumber(pushbackMillis.strip());
        return millis < 0 ? NONE : capped(millis, TimeUnit.MILLISECONDS);
    }

    private static long capped(long value, TimeUnit unit) {
        return Math.min(unit.toNanos(value), MOST.toNanos());
    }

    /** Digits alone; what is too large for a long is the largest. */
    private static long wholeNumber(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return text.isEmpty() ? NONE : value;
    }
}
