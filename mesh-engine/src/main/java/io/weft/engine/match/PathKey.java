package io.weft.engine.match;

import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a match demands of the path at least: to be equal to, or to start with, a text. Used to
 * index routes; it may say less than the match, never more.
 */
public record PathKey(boolean exact, String text) {

    /**
     * Keys of which one holds for every request that matches.
     *
     * @return null when the match says nothing about the path that an index could use
     */
    public static @Nullable Set<PathKey> of(Match match) {
        return switch (match) {
            case Match.Path(var value) -> of(value);
            case Match.AllOf(var operands) -> mostUseful(operands);
            case Match.AnyOf(var operands) -> union(operands);
            default -> null;
        };
    }

    private static @Nullable Set<PathKey> of(StringMatch value) {
        return switch (value) {
            case StringMatch.Exact(var text, var ignoreCase) ->
                    ignoreCase ? null : Set.of(new PathKey(true, text));
            case StringMatch.Prefix(var text, var ignoreCase) -> ignoreCase ? null : prefix(text);
            case StringMatch.PathPrefix(var text, var ignoreCase) ->
                    ignoreCase ? null : prefix(StringMatchers.withoutTrailingSlash(text));
            case StringMatch.Regex(var pattern) -> prefix(StringMatchers.literalPrefix(pattern));
            case StringMatch.PathTemplate(var template) -> {
                int brace = template.indexOf('{');
                yield prefix(brace < 0 ? template : template.substring(0, brace));
            }
            case StringMatch.OneOf(var alternatives) -> {
                Set<PathKey> keys = new HashSet<>();
                for (StringMatch alternative : alternatives) {
                    Set<PathKey> own = of(alternative);
                    if (own == null) {
                        yield null;
                    }
                    keys.addAll(own);
                }
                yield keys;
            }
            case StringMatch.Suffix ignored -> null;
            case StringMatch.Contains ignored -> null;
            case StringMatch.Present ignored -> null;
        };
    }

    private static @Nullable Set<PathKey> prefix(String text) {
        return text.isEmpty() ? null : Set.of(new PathKey(false, text));
    }

    private static @Nullable Set<PathKey> mostUseful(List<Match> operands) {
        Set<PathKey> best = null;
        for (Match operand : operands) {
            Set<PathKey> keys = of(operand);
            if (keys != null && (best == null || shortest(keys) > shortest(best))) {
                best = keys;
            }
        }
        return best;
    }

    private static int shortest(Set<PathKey> keys) {
        return keys.stream()
                .mapToInt(k -> k.exact() ? Integer.MAX_VALUE : k.text().length())
                .min()
                .orElse(0);
    }

    private static @Nullable Set<PathKey> union(List<Match> operands) {
        Set<PathKey> keys = new HashSet<>();
        for (Match operand : operands) {
            Set<PathKey> own = of(operand);
            if (own == null) {
                return null;
            }
            keys.addAll(own);
        }
        return keys;
    }
}
