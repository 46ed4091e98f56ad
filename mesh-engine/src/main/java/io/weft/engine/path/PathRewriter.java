package io.weft.engine.path;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weft.engine.AsciiCase;
import io.weft.model.route.PathRewrite;

/** A compiled {@link PathRewrite}: path (without query) in, path out. Thread-safe. */
@FunctionalInterface
public interface PathRewriter {

    /** The path to send; the same when the rewrite does not apply to it. */
    String rewrite(String path);

    /**
     * Compiles.
     *
     * @throws IllegalArgumentException when a regular expression is not RE2
     */
    static PathRewriter compile(PathRewrite rewrite) {
        return switch (rewrite) {
            case PathRewrite.Full(var path) -> ignored -> path.isEmpty() ? "/" : path;
            case PathRewrite.Prefix(var matched, var replacement, var bySegments) ->
                    bySegments
                            ? path -> replaceSegments(path, matched, replacement)
                            : path -> replacePrefix(path, matched, replacement);
            case PathRewrite.Regex(var pattern, var substitution) -> regex(pattern, substitution);
        };
    }

    private static PathRewriter regex(String pattern, String substitution) {
        Pattern compiled;
        try {
            compiled = Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "regular expression: '"
                            + pattern
                            + "' (expected: RE2 syntax; "
                            + e.getDescription()
                            + ")",
                    e);
        }
        String replacement = javaReplacement(substitution, compiled.groupCount());
        return path -> {
            String changed = compiled.matcher(path).replaceAll(replacement);
            return changed.startsWith("/") ? changed : "/" + changed;
        };
    }

    /** From RE2's {@code \1} to the {@code $1} of Java's matchers. */
    private static String javaReplacement(String substitution, int groups) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            boolean escape = c == '\\' && i + 1 < substitution.length();
            if (escape && Character.isDigit(substitution.charAt(i + 1))) {
                int group = substitution.charAt(++i) - '0';
                if (group > groups) {
                    throw new IllegalArgumentException(
                            "substitution: '"
                                    + substitution
                                    + "' (expected: groups up to \\"
                                    + groups
                                    + ")");
                }
                // A digit that follows is text, not part of the number.
                out.append('$').append(group);
                if (i + 1 < substitution.length()
                        && Character.isDigit(substitution.charAt(i + 1))) {
                    out.append('\\');
                }
            } else {
                c = escape ? substitution.charAt(++i) : c;
                out.append(c == '$' || c == '\\' ? "\\" : "").append(c);
            }
        }
        return out.toString();
    }

    private static String replacePrefix(String path, String matched, String replacement) {
        if (!AsciiCase.regionEquals(path, 0, matched)) {
            return path;
        }
        String changed = replacement + path.substring(matched.length());
        return changed.startsWith("/") ? changed : "/" + changed;
    }

    private static String replaceSegments(String path, String matched, String replacement) {
        String prefix = withoutTrailingSlash(matched);
        if (!AsciiCase.regionEquals(path, 0, prefix)) {
            return path;
        }
        String rest = path.substring(prefix.length());
        if (!rest.isEmpty() && rest.charAt(0) != '/') {
            return path;
        }
        if (rest.isEmpty()) {
            return replacement.isEmpty() ? "/" : replacement;
        }
        return withoutTrailingSlash(replacement) + rest;
    }

    private static String withoutTrailingSlash(String text) {
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
