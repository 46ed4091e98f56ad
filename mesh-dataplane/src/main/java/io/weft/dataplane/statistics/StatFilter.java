package io.weft.dataplane.statistics;

import io.weft.engine.match.StringMatchers;
import io.weft.engine.match.StringPredicate;
import io.weft.model.match.StringMatch;
import io.weft.model.telemetry.StatSelection;
import java.util.ArrayList;
import java.util.List;

/** A {@link StatSelection}, compiled. Immutable. */
final class StatFilter {

    static final StatFilter NOTHING = compile(StatSelection.NONE);

    private final List<StringPredicate> included;
    private final List<StringPredicate> excluded;

    private StatFilter(List<StringPredicate> included, List<StringPredicate> excluded) {
        this.included = included;
        this.excluded = excluded;
    }

    /**
     * @throws IllegalArgumentException when an expression is not RE2
     */
    static StatFilter compile(StatSelection selection) {
        return new StatFilter(
                predicates(selection.prefixes(), selection.suffixes(), selection.regexps()),
                predicates(
                        selection.excludedPrefixes(),
                        selection.excludedSuffixes(),
                        selection.excludedRegexps()));
    }

    private static List<StringPredicate> predicates(
            List<String> prefixes, List<String> suffixes, List<String> regexps) {
        List<StringMatch> matches = new ArrayList<>();
        prefixes.forEach(prefix -> matches.add(new StringMatch.Prefix(prefix, false)));
        suffixes.forEach(suffix -> matches.add(new StringMatch.Suffix(suffix, false)));
        regexps.forEach(regexp -> matches.add(new StringMatch.Regex(regexp)));
        return matches.stream().map(StringMatchers::compile).toList();
    }

    /** Whether nothing can pass. */
    boolean isEmpty() {
        return included.isEmpty();
    }

    boolean admits(String name) {
        return included.stream().anyMatch(each -> each.test(name))
                && excluded.stream().noneMatch(each -> each.test(name));
    }
}
