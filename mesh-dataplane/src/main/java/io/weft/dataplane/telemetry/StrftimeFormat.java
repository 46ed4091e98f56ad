package io.weft.dataplane.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** A time format in the notation of {@code strftime}, with Envoy's fractions; always UTC. */
final class StrftimeFormat {

    private static final String DEFAULT = "%Y-%m-%dT%H:%M:%S.%3fZ";

    private final DateTimeFormatter formatter;

    private StrftimeFormat(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /**
     * Compiles a format; an empty one is ISO 8601 with milliseconds.
     *
     * @throws IllegalArgumentException for a conversion that is not known
     */
    static StrftimeFormat compile(String given) {
        String format = given.isEmpty() ? DEFAULT : given;
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                builder.appendLiteral(c);
                continue;
            }
            int digits = 9;
            if (i + 2 < format.length() && Character.isDigit(format.charAt(i + 1))) {
                digits = Character.digit(format.charAt(++i), 10);
            }
            if (++i >= format.length() || digits == 0) {
                throw unknown(given);
            }
            if (format.charAt(i) == 'f') {
                builder.appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, false);
            } else {
                conversion(builder, format.charAt(i), given);
            }
        }
        return new StrftimeFormat(builder.toFormatter(Locale.ROOT));
    }

    private static void conversion(DateTimeFormatterBuilder builder, char c, String given) {
        switch (c) {
            case 'Y' -> builder.appendPattern("uuuu");
            case 'y' -> builder.appendPattern("uu");
            case 'm' -> builder.appendPattern("MM");
            case 'd' -> builder.appendPattern("dd");
            case 'e' -> builder.padNext(2).appendPattern("d");
            case 'H' -> builder.appendPattern("HH");
            case 'M' -> builder.appendPattern("mm");
            case 'S' -> builder.appendPattern("ss");
            case 'T' -> builder.appendPattern("HH:mm:ss");
            case 'F' -> builder.appendPattern("uuuu-MM-dd");
            case 'j' -> builder.appendPattern("DDD");
            case 'b' -> builder.appendPattern("MMM");
            case 'B' -> builder.appendPattern("MMMM");
            case 'a' -> builder.appendPattern("EEE");
            case 'A' -> builder.appendPattern("EEEE");
            case 'z' -> builder.appendLiteral("+0000");
            case 'Z' -> builder.appendLiteral("UTC");
            case 's' -> builder.appendValue(ChronoField.INSTANT_SECONDS);
            case '%' -> builder.appendLiteral('%');
            default -> throw unknown(given);
        }
    }

    private static IllegalArgumentException unknown(String given) {
        return new IllegalArgumentException(
                "START_TIME: '" + given + "' (expected: conversions of strftime)");
    }

    String format(Instant instant) {
        return formatter.format(ZonedDateTime.ofInstant(instant, ZoneOffset.UTC));
    }
}
