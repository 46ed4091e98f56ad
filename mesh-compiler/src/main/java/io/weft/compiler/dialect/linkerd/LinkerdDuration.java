package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in Linkerd's annotations: a whole number and a unit, {@code 10s}, or {@code 0}. */
final class LinkerdDuration {

    private static final Pattern FORM = Pattern.compile("(-?)([0-9]+)(\\.[0-9]*)?([A-Za-z]*)");

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private LinkerdDuration() {}

    /** What was read, or what is wrong with it. */
    sealed interface Result {
        record Valid(Duration duration) implements Result {}

        record Invalid(String message) implements Result {}
    }

    static Result parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return new Result.Invalid("not a duration (expected: a whole number and a unit)");
        }
        String number = form.group(2);
        String unit = form.group(4);
        if (!form.group(1).isEmpty()) {
            return new Result.Invalid("a duration cannot be negative");
        }
        if (form.group(3) != null) {
            return new Result.Invalid(
                    "fractional values not supported (expected: 500ms, not 0.5s)");
        }
        if (unit.isEmpty()) {
            return number.matches("0+")
                    ? new Result.Valid(Duration.ZERO)
                    : new Result.Invalid(
                            "missing duration unit (expected: '"
                                    + number
                                    + "s' or '"
                                    + number
                                    + "ms')");
        }
        long millis =
                switch (unit) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    case "d" -> 86_400_000;
                    default -> 0;
                };
        if (millis == 0) {
            return new Result.Invalid(
                    "invalid duration unit '" + unit + "' (expected: ms, s, m, h, d)");
        }
        try {
            Duration read = Duration.ofMillis(Math.multiplyExact(Long.parseLong(number), millis));
            // What counts nanoseconds later must not overflow either.
            return read.compareTo(LONGEST) > 0
                    ? new Result.Invalid("the duration overflows")
                    : new Result.Valid(read);
        } catch (NumberFormatException | ArithmeticException e) {
            return new Result.Invalid("the duration overflows");
        }
    }

    /** As people write it. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /** Reads a field; what is no such duration is reported. */
    static Optional<Duration> read(Field field) {
        Optional<String> text = field.loose();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return switch (parse(text.get())) {
            case Result.Valid(var duration) -> Optional.of(duration);
            case Result.Invalid(var message) -> {
                field.error(
                        Code.INVALID_DURATION,
                        "'" + text.get() + "': " + message,
                        "write it as 10s or 250ms");
                yield Optional.empty();
            }
        };
    }
}
