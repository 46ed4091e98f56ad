package io.weft.compiler.dialect.linkerd;

import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Linkerd's precedence, which is not the Gateway API's: the host, then how much of the path a match
 * covers (what is exact or regular covers all of it), headers, query parameters, the method, and
 * the order in which routes and rules are written.
 */
final class RouteOrder {

    /** A rule under one host and one match. */
    record Entry(
            @Nullable HostPattern host,
            RuleMatch rule,
            RouteSpec route,
            int ruleIndex,
            int position) {

        Match match() {
            List<Match> all = new ArrayList<>();
            if (host != null) {
                all.add(host.match());
            }
            all.add(rule.path());
            all.add(rule.rest());
            return Match.allOf(all);
        }
    }

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(
                            Entry::host,
                            Comparator.nullsFirst(Comparator.<HostPattern>naturalOrder()))
                    .thenComparing(e -> e.rule().whole())
                    .thenComparingInt(e -> e.rule().whole() ? 0 : e.rule().length())
                    .thenComparingInt(e -> e.rule().headers())
                    .thenComparingInt(e -> e.rule().queryParams())
                    .thenComparing(e -> e.rule().method())
                    .reversed()
                    .thenComparingInt(Entry::position);

    private RouteOrder() {}

    static List<Entry> of(List<RouteSpec> routes) {
        List<Entry> entries = new ArrayList<>();
        for (RouteSpec route : routes) {
            for (int i = 0; i < route.rules().size(); i++) {
                for (RuleMatch match : route.rules().get(i).matches()) {
                    add(route, i, match, entries);
                }
            }
        }
        if (entries.stream().anyMatch(e -> e.rule().whole())) {
            entries.addAll(
                    entries.stream()
                            .filter(e -> !e.rule().whole())
                            .map(RouteOrder::whole)
                            .toList());
        }
        entries.sort(ORDER);
        return entries;
    }

    private static void add(RouteSpec route, int rule, RuleMatch match, List<Entry> entries) {
        int position = entries.size();
        if (route.hosts().isEmpty()) {
            entries.add(new Entry(null, match, route, rule, position));
        }
        for (HostPattern host : route.hosts()) {
            entries.add(new Entry(host, match, route, rule, position));
        }
    }

    private static Entry whole(Entry prefix) {
        return new Entry(
                prefix.host(),
                prefix.rule().asWhole(),
                prefix.route(),
                prefix.ruleIndex(),
                prefix.position());
    }
}
