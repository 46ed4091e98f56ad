package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.yaml.Field;
import io.weft.model.match.StringMatch;
import java.util.Optional;

/** Istio's {@code StringMatch}: exactly one of exact, prefix and regex. */
final class StringMatches {

    /** Any value, the empty one too; an absent subject never matches. */
    static final StringMatch THERE = new StringMatch.Prefix("");

    private StringMatches() {}

    static Optional<StringMatch> read(Field field, boolean ignoreCase) {
        Field exact = field.get("exact");
        Field prefix = field.get("prefix");
        Field regex = field.get("regex");
        int forms =
                (exact.isPresent() ? 1 : 0)
                        + (prefix.isPresent() ? 1 : 0)
                        + (regex.isPresent() ? 1 : 0);
        if (forms > 1) {
            field.error(
                    Code.CONTRADICTION,
                    "several of exact, prefix and regex (expected: one)",
                    "keep one of them");
            return Optional.empty();
        }
        if (exact.isPresent()) {
            return exact.text().map(text -> new StringMatch.Exact(text, ignoreCase));
        }
        if (prefix.isPresent()) {
            return prefix.text().map(text -> new StringMatch.Prefix(text, ignoreCase));
        }
        return regex.regex().map(StringMatch.Regex::new);
    }

    /**
     * As {@link #read}, for headers and query parameters: {@code {}} and regex {@code *} ask for
     * presence.
     */
    static Optional<StringMatch> readOrPresence(Field field) {
        if (!field.isPresent() || field.isEmpty()) {
            return Optional.of(THERE);
        }
        if (field.get("regex").text("").equals("*")) {
            return Optional.of(THERE);
        }
        return read(field, false);
    }

    /** A value of an authorisation policy: {@code *} is non-empty, else a star at one end only. */
    static StringMatch pattern(String value) {
        if (value.equals("*")) {
            return new StringMatch.Present();
        }
        if (value.startsWith("*")) {
            return new StringMatch.Suffix(value.substring(1));
        }
        if (value.endsWith("*")) {
            return new StringMatch.Prefix(value.substring(0, value.length() - 1));
        }
        return new StringMatch.Exact(value);
    }
}
