package io.weft.compiler.dialect.istio;

import io.weft.model.AppProtocol;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule of an AuthorizationPolicy: every group must hold (sources, operations, each condition), of
 * a group one alternative, of an alternative every clause.
 */
record AuthorizationRule(List<List<List<Clause>>> groups, Origin origin) {

    /** Holds for requests and for nothing else: a connection that is not HTTP has no method. */
    private static final Match IS_HTTP = new Match.Method(new StringMatch.Prefix(""));

    AuthorizationRule {
        groups = List.copyOf(groups);
    }

    /** A field's test, and whether only HTTP can answer it. */
    record Clause(Match match, boolean httpOnly) {}

    /**
     * The rule for a port. On a port that does not speak HTTP a rule that permits is dropped when
     * it asks for HTTP, while a rule that denies ignores what it cannot ask, so that it denies
     * more.
     */
    Optional<Match> on(AppProtocol protocol, boolean permits) {
        if (!asksForHttp()) {
            return Optional.of(match(true));
        }
        return switch (protocol) {
            case HTTP, HTTP2, GRPC -> Optional.of(match(true));
            case TCP, TLS, HTTPS -> permits ? Optional.empty() : Optional.of(match(false));
            case AUTO ->
                    Optional.of(
                            permits
                                    ? Match.allOf(List.of(IS_HTTP, match(true)))
                                    : Match.anyOf(
                                            List.of(
                                                    match(true),
                                                    Match.allOf(
                                                            List.of(
                                                                    new Match.Not(IS_HTTP),
                                                                    match(false))))));
        };
    }

    private boolean asksForHttp() {
        return groups.stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .anyMatch(Clause::httpOnly);
    }

    private Match match(boolean http) {
        List<Match> all = new ArrayList<>();
        for (List<List<Clause>> group : groups) {
            List<Match> alternatives =
                    group.stream()
                            .map(clauses ->
                                    Match.allOf(
                                            clauses.stream()
                                                    .filter(c -> http || !c.httpOnly())
                                                    .map(Clause::match)
                                                    .toList()))
                            .toList();
            boolean open = alternatives.stream().anyMatch(m -> m instanceof Match.Always);
            all.add(open ? Match.ALWAYS : Match.anyOf(alternatives));
        }
        return Match.allOf(all);
    }
}
