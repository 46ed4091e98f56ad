package io.weft.engine.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weft.engine.AsciiCase;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compiles tests of one string. */
public final class StringMatchers {

    private static final String META = "\\.+*?()|[]{}^$";

    private StringMatchers() {}

    /**
     * Compiles.
     *
     * @throws IllegalArgumentException when a regular expression is not RE2
     */
    public static StringPredicate compile(StringMatch match) {
        return compile(match, false);
    }

    /** As {@link #compile(StringMatch)}, where case never counts. */
    static StringPredicate compileIgnoringCase(StringMatch match) {
        return compile(match, true);
    }

    private static StringPredicate compile(StringMatch match, boolean fold) {
        return switch (match) {
            case StringMatch.Exact(var value, var ignoreCase) ->
                    fold || ignoreCase ? new EqualFolded(value) : new Equal(value);
            case StringMatch.Prefix(var value, var ignoreCase) ->
                    fold || ignoreCase ? new StartsFolded(value) : new Starts(value);
            case StringMatch.Suffix(var value, var ignoreCase) ->
                    fold || ignoreCase ? new EndsFolded(value) : new Ends(value);
            case StringMatch.Contains(var value, var ignoreCase) ->
                    fold || ignoreCase ? new HasFolded(value) : new Has(value);
            case StringMatch.Regex(var pattern) -> regex(pattern, fold);
            case StringMatch.Present() -> new NotEmpty();
            case StringMatch.PathPrefix(var value, var ignoreCase) ->
                    new Segments(withoutTrailingSlash(value), fold || ignoreCase);
            case StringMatch.PathTemplate(var template) -> template(template, fold);
            case StringMatch.OneOf(var alternatives) -> oneOf(alternatives, fold);
        };
    }

    static String withoutTrailingSlash(String prefix) {
        return prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    }

    private static StringPredicate regex(String pattern, boolean fold) {
        Pattern compiled = compilePattern(pattern, fold ? Pattern.CASE_INSENSITIVE : 0);
        if (isLiteral(pattern)) {
            return fold ? new EqualFolded(pattern) : new Equal(pattern);
        }
        String head = pattern.endsWith(".*") ? pattern.substring(0, pattern.length() - 2) : "";
        if (pattern.endsWith(".*") && isLiteral(head) && !fold) {
            return new StartsOneLine(head);
        }
        return expression(pattern, compiled, fold);
    }

    /** RE2's own matcher allocates for each text, so it is kept for what needs it. */
    private static StringPredicate expression(String pattern, Pattern compiled, boolean fold) {
        PositionAutomaton positions = fold ? null : PositionAutomaton.of(pattern);
        return positions == null ? new Regex(compiled) : new Positions(positions, compiled);
    }

    private static Pattern compilePattern(String pattern, int flags) {
        try {
            return Pattern.compile(pattern, flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "regular expression: '"
                            + pattern
                            + "' (expected: RE2 syntax; "
                            + e.getDescription()
                            + ")",
                    e);
        }
    }

    private static boolean isLiteral(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if (META.indexOf(pattern.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The text with which every match of the expression begins; empty when it is not plain to see.
     */
    static String literalPrefix(String pattern) {
        if (pattern.indexOf('|') >= 0) {
            return "";
        }
        int end = 0;
        while (end < pattern.length() && META.indexOf(pattern.charAt(end)) < 0) {
            end++;
        }
        if (end > 0 && end < pattern.length() && "*?{+".indexOf(pattern.charAt(end)) >= 0) {
            end--; // the last character is what is repeated, or may be left out
        }
        // A flag group later on ((?i)) holds only for what follows it: the prefix stays literal.
        return pattern.substring(0, end);
    }

    private static StringPredicate template(String template, boolean fold) {
        StringBuilder regex = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            if (template.startsWith("{**}", at)) {
                regex.append("(?s:.*)");
                at += 4;
            } else if (template.startsWith("{*}", at)) {
                regex.append("[^/]+");
                at += 3;
            } else {
                regex.append(Pattern.quote(String.valueOf(template.charAt(at))));
                at++;
            }
        }
        String pattern = regex.toString();
        Pattern compiled = compilePattern(pattern, fold ? Pattern.CASE_INSENSITIVE : 0);
        return expression(pattern, compiled, fold);
    }

    private static StringPredicate oneOf(List<StringMatch> alternatives, boolean fold) {
        Set<String> exact = new HashSet<>();
        List<StringPredicate> others = new ArrayList<>();
        for (StringMatch alternative : alternatives) {
            if (!fold
                    && alternative instanceof StringMatch.Exact(var value, var ignoreCase)
                    && !ignoreCase) {
                exact.add(value);
            } else {
                others.add(compile(alternative, fold));
            }
        }
        if (exact.isEmpty() && others.size() == 1) {
            return others.getFirst();
        }
        if (others.isEmpty() && exact.size() == 1) {
            return new Equal(exact.iterator().next());
        }
        return new Any(Set.copyOf(exact), others.toArray(StringPredicate[]::new));
    }

    private record Equal(String value) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return value.equals(text);
        }
    }

    private record EqualFolded(String value) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return AsciiCase.equal(value, text);
        }
    }

    private record Starts(String prefix) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return text.startsWith(prefix);
        }
    }

    /** What the expression {@code prefix.*} means: its dot does not match a line feed. */
    private record StartsOneLine(String prefix) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return text.startsWith(prefix) && text.indexOf('\n', prefix.length()) < 0;
        }
    }

    private record StartsFolded(String prefix) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return AsciiCase.regionEquals(text, 0, prefix);
        }
    }

    private record Ends(String suffix) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return text.endsWith(suffix);
        }
    }

    private record EndsFolded(String suffix) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return AsciiCase.regionEquals(text, text.length() - suffix.length(), suffix);
        }
    }

    private record Has(String part) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return text.contains(part);
        }
    }

    private record HasFolded(String part) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return AsciiCase.contains(text, part);
        }
    }

    private record Regex(Pattern pattern) implements StringPredicate {
        @Override
        public boolean test(String text) {
            return pattern.matches(text);
        }
    }

    private record Positions(PositionAutomaton automaton, Pattern pattern)
            implements StringPredicate {
        @Override
        public boolean test(String text) {
            return PositionAutomaton.isReadable(text)
                    ? automaton.accepts(text)
                    : pattern.matches(text);
        }
    }

    private record NotEmpty() implements StringPredicate {
        @Override
        public boolean test(String text) {
            return !text.isEmpty();
        }
    }

    private record Segments(String prefix, boolean fold) implements StringPredicate {
        @Override
        public boolean test(String text) {
            boolean starts =
                    fold ? AsciiCase.regionEquals(text, 0, prefix) : text.startsWith(prefix);
            return starts
                    && (text.length() == prefix.length() || text.charAt(prefix.length()) == '/');
        }
    }

    private record Any(Set<String> exact, StringPredicate[] others) implements StringPredicate {
        @Override
        public boolean test(String text) {
            if (exact.contains(text)) {
                return true;
            }
            for (StringPredicate other : others) {
                if (other.test(text)) {
                    return true;
                }
            }
            return false;
        }
    }
}
