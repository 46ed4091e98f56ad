package io.weft.compiler.dialect.linkerd;

import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;
import java.util.Locale;

/**
 * A host name that a route is for. An exact one goes before every suffix, then the longer.
 *
 * @param value lower case; a suffix with its leading dot
 */
record HostPattern(boolean exact, String value) implements Comparable<HostPattern> {

    static HostPattern of(String written) {
        String lower = written.toLowerCase(Locale.ROOT);
        return lower.startsWith("*.")
                ? new HostPattern(false, lower.substring(1))
                : new HostPattern(true, lower);
    }

    int length() {
        return value.length();
    }

    /** A request may write a trailing dot that the pattern has not, but not the reverse. */
    Match match() {
        StringMatch plain = text(value);
        return new Match.Host(
                value.endsWith(".")
                        ? plain
                        : new StringMatch.OneOf(List.of(plain, text(value + "."))));
    }

    private StringMatch text(String text) {
        return exact ? new StringMatch.Exact(text) : new StringMatch.Suffix(text);
    }

    /** Greater is more specific. */
    @Override
    public int compareTo(HostPattern other) {
        int byKind = Boolean.compare(exact, other.exact);
        return byKind != 0 ? byKind : Integer.compare(length(), other.length());
    }
}
