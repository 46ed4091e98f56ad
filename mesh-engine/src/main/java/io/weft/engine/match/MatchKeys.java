package io.weft.engine.match;

import io.weft.engine.AsciiCase;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of a match: for each subject (the path, the peer, a header) a set of which one
 * must hold for every request that matches. An empty set stands for a match that never holds.
 */
final class MatchKeys {

    private static final String PATH = "path";
    private static final String PRINCIPAL = "principal";
    private static final String NAMESPACE = "namespace";

    /** Headers that are read from elsewhere, see {@link HeaderPredicates}. */
    private static final Set<String> PSEUDO =
            Set.of(":method", ":scheme", ":authority", "host", ":path");

    private MatchKeys() {}

    /** By subject; empty when nothing is demanded that an index could use. */
    static Map<String, Set<MatchKey>> of(Match match) {
        return switch (match) {
            case Match.Path(var value) -> single(PATH, path(value));
            case Match.PeerPrincipal(var value) ->
                    single(PRINCIPAL, exact(value, new MatchKey.Principal()));
            case Match.PeerNamespace(var value) ->
                    single(NAMESPACE, exact(value, new MatchKey.Namespace()));
            case Match.Header(var name, var value, var missingIsEmpty) ->
                    header(AsciiCase.lower(name), value, missingIsEmpty);
            case Match.AllOf(var operands) -> all(operands);
            case Match.AnyOf(var operands) -> any(operands);
            default -> Map.of();
        };
    }

    private static Map<String, Set<MatchKey>> header(
            String name, StringMatch value, boolean missingIsEmpty) {
        Set<MatchKey> keys = exact(value, new MatchKey.Header(name));
        boolean absent =
                missingIsEmpty
                        && keys != null
                        && keys.stream().anyMatch(key -> key.text().isEmpty());
        return PSEUDO.contains(name) || absent ? Map.of() : single("header " + name, keys);
    }

    private static Map<String, Set<MatchKey>> single(String subject, @Nullable Set<MatchKey> keys) {
        return keys == null ? Map.of() : Map.of(subject, keys);
    }

    private static Map<String, Set<MatchKey>> all(List<Match> operands) {
        Map<String, Set<MatchKey>> found = new HashMap<>();
        for (Match operand : operands) {
            of(operand).forEach((subject, keys) -> found.merge(subject, keys, MatchKeys::better));
        }
        return found;
    }

    private static Map<String, Set<MatchKey>> any(List<Match> operands) {
        if (operands.isEmpty()) {
            return Map.of(PATH, Set.of());
        }
        Map<String, Set<MatchKey>> found = null;
        for (Match operand : operands) {
            Map<String, Set<MatchKey>> own = of(operand);
            if (found == null) {
                found = new HashMap<>(own);
                continue;
            }
            found.keySet().retainAll(own.keySet());
            found.replaceAll((subject, keys) -> union(keys, own.getOrDefault(subject, Set.of())));
        }
        return found == null ? Map.of() : found;
    }

    private static Set<MatchKey> union(Set<MatchKey> one, Set<MatchKey> other) {
        Set<MatchKey> keys = new HashSet<>(one);
        keys.addAll(other);
        return keys;
    }

    /** The set that says more. */
    private static Set<MatchKey> better(Set<MatchKey> one, Set<MatchKey> other) {
        return shortest(other) > shortest(one) ? other : one;
    }

    private static int shortest(Set<MatchKey> keys) {
        return keys.stream()
                .mapToInt(key ->
                        key.part() instanceof MatchKey.PathPrefix
                                ? key.text().length()
                                : Integer.MAX_VALUE)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static @Nullable Set<MatchKey> exact(StringMatch value, MatchKey.Part part) {
        return switch (value) {
            case StringMatch.Exact(var text, var ignoreCase) ->
                    ignoreCase ? null : Set.of(new MatchKey(part, text));
            case StringMatch.OneOf(var alternatives) -> each(alternatives, one -> exact(one, part));
            default -> null;
        };
    }

    private static @Nullable Set<MatchKey> path(StringMatch value) {
        return switch (value) {
            case StringMatch.Exact(var text, var ignoreCase) ->
                    ignoreCase ? null : Set.of(new MatchKey(new MatchKey.ExactPath(), text));
            case StringMatch.Prefix(var text, var ignoreCase) -> ignoreCase ? null : prefix(text);
            case StringMatch.PathPrefix(var text, var ignoreCase) ->
                    ignoreCase ? null : prefix(StringMatchers.withoutTrailingSlash(text));
            case StringMatch.Regex(var pattern) -> prefix(StringMatchers.literalPrefix(pattern));
            case StringMatch.PathTemplate(var template) -> {
                int brace = template.indexOf('{');
                yield prefix(brace < 0 ? template : template.substring(0, brace));
            }
            case StringMatch.OneOf(var alternatives) -> each(alternatives, MatchKeys::path);
            case StringMatch.Suffix ignored -> null;
            case StringMatch.Contains ignored -> null;
            case StringMatch.Present ignored -> null;
        };
    }

    private static @Nullable Set<MatchKey> prefix(String text) {
        return text.isEmpty() ? null : Set.of(new MatchKey(new MatchKey.PathPrefix(), text));
    }

    private static @Nullable Set<MatchKey> each(
            List<StringMatch> alternatives, Function<StringMatch, @Nullable Set<MatchKey>> keysOf) {
        List<MatchKey> keys = new ArrayList<>();
        for (StringMatch alternative : alternatives) {
            Set<MatchKey> own = keysOf.apply(alternative);
            if (own == null) {
                return null;
            }
            keys.addAll(own);
        }
        return new HashSet<>(keys);
    }
}
