package io.weft.model.telemetry;

import java.util.List;

/**
 * Which of a proxy's own statistics are served, by Envoy's names for them ({@code
 * cluster.outbound|80||reviews.upstream_cx_active}): those that any of the first three asks for and
 * none of the rest excludes. What is empty asks for none.
 *
 * @param regexps RE2, matched against the whole name
 */
public record StatSelection(
        List<String> prefixes,
        List<String> suffixes,
        List<String> regexps,
        List<String> excludedPrefixes,
        List<String> excludedSuffixes,
        List<String> excludedRegexps) {

    public static final StatSelection NONE =
            new StatSelection(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    public StatSelection {
        prefixes = List.copyOf(prefixes);
        suffixes = List.copyOf(suffixes);
        regexps = List.copyOf(regexps);
        excludedPrefixes = List.copyOf(excludedPrefixes);
        excludedSuffixes = List.copyOf(excludedSuffixes);
        excludedRegexps = List.copyOf(excludedRegexps);
    }
}
