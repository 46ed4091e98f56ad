package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.route.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of rules: host name, path, method, headers, query parameters, then the oldest route,
 * its name, and the order in which it is written.
 */
final class RequestOrder {

    private record Entry(
            int hostSpecificity, RouteSpec route, RuleSpec rule, int position, MatchSpec match) {}

    private static final Comparator<Entry> ORDER =
            Comparator.comparingInt(Entry::hostSpecificity)
                    .reversed()
                    .thenComparing(e -> e.match().rank(), Comparator.reverseOrder())
                    .thenComparing(e -> e.route().created())
                    .thenComparing(e -> e.route().id())
                    .thenComparingInt(Entry::position);

    private final List<Entry> entries = new ArrayList<>();

    /** Adds a route's rules under a host name of it. */
    void add(RouteSpec route, String host) {
        int position = 0;
        for (RuleSpec rule : route.rules()) {
            for (MatchSpec match : rule.matches()) {
                entries.add(new Entry(Hostnames.specificity(host), route, rule, position++, match));
            }
        }
    }

    /** In order of precedence. */
    List<Route> write(RouteWriter writer) {
        return entries.stream()
                .sorted(ORDER)
                .map(e -> writer.route(e.route(), e.rule(), e.match()))
                .toList();
    }
}
