package io.weft.dataplane.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A time format in the notation of {@code strftime}, with Envoy's fractions; always UTC. */
final class StrftimeFormat {

    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;
    private static final String DEFAULT = "%Y-%m-%dT%H:%M:%S.%3fZ";

    private final List<Piece> pieces;
    private volatile Second last = new Second(Long.MIN_VALUE, List.of());

    /** What changes once a second, or within it. */
    private sealed interface Piece {

        record OfSecond(DateTimeFormatter formatter) implements Piece {}

        record Fraction(int digits) implements Piece {}
    }

    /** The texts of one second, in the order of the pieces. */
    private record Second(long epochSecond, List<String> texts) {}

    private StrftimeFormat(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Compiles a format; an empty one is ISO 8601 with milliseconds.
     *
     * @throws IllegalArgumentException for a conversion that is not known
     */
    static StrftimeFormat compile(String given) {
        String format = given.isEmpty() ? DEFAULT : given;
        List<Piece> pieces = new ArrayList<>();
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
                pieces.add(new Piece.OfSecond(builder.toFormatter(Locale.ROOT)));
                pieces.add(new Piece.Fraction(digits));
                builder = new DateTimeFormatterBuilder();
            } else {
                conversion(builder, format.charAt(i), given);
            }
        }
        pieces.add(new Piece.OfSecond(builder.toFormatter(Locale.ROOT)));
        return new StrftimeFormat(pieces);
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

    /**
     * The text of a time; what does not change within a second is made once for it.
     *
     * @param epochMicros since 1970
     */
    String format(long epochMicros) {
        Second second = second(Math.floorDiv(epochMicros, MICROS));
        StringBuilder out = new StringBuilder(32);
        for (int i = 0; i < pieces.size(); i++) {
            if (pieces.get(i) instanceof Piece.Fraction(int digits)) {
                fraction(out, Math.floorMod(epochMicros, MICROS) * 1000, digits);
            } else {
                out.append(second.texts().get(i));
            }
        }
        return out.toString();
    }

    private Second second(long epochSecond) {
        Second known = last;
        if (known.epochSecond() == epochSecond) {
            return known;
        }
        ZonedDateTime time =
                ZonedDateTime.ofInstant(Instant.ofEpochSecond(epochSecond), ZoneOffset.UTC);
        List<String> texts = new ArrayList<>();
        for (Piece piece : pieces) {
            texts.add(
                    piece instanceof Piece.OfSecond(DateTimeFormatter formatter)
                            ? formatter.format(time)
                            : "");
        }
        Second made = new Second(epochSecond, texts);
        last = made;
        return made;
    }

    private static void fraction(StringBuilder out, long nanos, int digits) {
        long unit = NANOS / 10;
        long rest = nanos;
        for (int i = 0; i < digits; i++) {
            out.append((char) ('0' + rest / unit));
            rest %= unit;
            unit = Math.max(1, unit / 10);
        }
    }
}
