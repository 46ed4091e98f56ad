package io.weft.compiler;

import io.weft.compiler.catalog.MeshService;
import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.ClusterPlan;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.model.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds destinations that more than one dialect routes. The dialect that precedes in {@link
 * MeshCompiler} wins; it is a warning, since a repository may hold several dialects while it moves
 * from one to another.
 */
final class ConflictCheck {

    private ConflictCheck() {}

    static void report(List<DialectPolicies> dialects, Diagnostics diagnostics) {
        Map<String, Winner> routed = new TreeMap<>();
        for (DialectPolicies dialect : dialects) {
            dialect.routedHosts()
                    .forEach((host, origin) -> {
                        Winner winner = routed.putIfAbsent(host, new Winner(dialect, origin));
                        if (winner != null) {
                            add(diagnostics, host, origin, dialect, winner);
                        }
                    });
        }
    }

    /**
     * Reports settings of the connections to a service that two dialects make differently. They are
     * united field by field; where both say something, the one that routes goes first, else the
     * order of the dialects holds.
     */
    static void reportConnections(
            List<DialectPolicies> dialects,
            List<MeshService> services,
            ConnectionPlans kept,
            Diagnostics into) {
        List<List<@Nullable ClusterPlan>> plans = kept.of(dialects, services);
        List<ConnectionPlans.At> ports = kept.ports();
        Set<String> told = new HashSet<>();
        for (int at = 0; at < ports.size(); at++) {
            DialectPolicies firstDialect = null;
            ClusterPlan first = null;
            for (int i = 0; i < dialects.size(); i++) {
                ClusterPlan plan = plans.get(i).get(at);
                if (plan == null) {
                    continue;
                }
                if (first == null || firstDialect == null) {
                    first = plan;
                    firstDialect = dialects.get(i);
                    continue;
                }
                String host = ports.get(at).service().host();
                String both = differing(first, plan);
                if (!both.isEmpty() && told.add(host + dialects.get(i).dialect() + both)) {
                    into.add(connections(host, both, first, firstDialect, plan, dialects.get(i)));
                }
            }
        }
    }

    private static String differing(ClusterPlan one, ClusterPlan other) {
        List<String> names = new ArrayList<>();
        add(names, "load balancing", one.balancing(), other.balancing());
        add(names, "locality", one.locality(), other.locality());
        add(names, "connection limits", one.limits(), other.limits());
        add(names, "circuit breaking", one.outlier(), other.outlier());
        add(names, "TLS", one.tls(), other.tls());
        add(names, "slow start", one.slowStart(), other.slowStart());
        add(names, "PROXY protocol", one.proxyProtocol(), other.proxyProtocol());
        return String.join(", ", names);
    }

    private static void add(
            List<String> names, String name, @Nullable Object one, @Nullable Object other) {
        if (one != null && other != null && !one.equals(other)) {
            names.add(name);
        }
    }

    private static Diagnostic connections(
            String host,
            String what,
            ClusterPlan first,
            DialectPolicies firstDialect,
            ClusterPlan second,
            DialectPolicies secondDialect) {
        Origin at = second.origin();
        return new Diagnostic(
                Code.DIALECT_CONFLICT,
                Level.WARNING,
                at.kind(),
                at.namespace(),
                at.name(),
                "",
                at.file(),
                at.line(),
                1,
                host,
                firstDialect.dialect().title()
                        + " sets "
                        + what
                        + " of "
                        + host
                        + " too ("
                        + first.origin().describe()
                        + "): callers whose routes are "
                        + secondDialect.dialect().title()
                        + "'s use this one, all others the one of "
                        + firstDialect.dialect().title(),
                "say it in one dialect");
    }

    private record Winner(DialectPolicies dialect, Origin origin) {}

    private static void add(
            Diagnostics diagnostics,
            String host,
            Origin origin,
            DialectPolicies loser,
            Winner winner) {
        diagnostics.add(
                new Diagnostic(
                        Code.DIALECT_CONFLICT,
                        Level.WARNING,
                        origin.kind(),
                        origin.namespace(),
                        origin.name(),
                        "",
                        origin.file(),
                        origin.line(),
                        1,
                        host,
                        host
                                + " is routed by "
                                + winner.dialect().dialect().title()
                                + " too ("
                                + winner.origin().describe()
                                + "), which goes before "
                                + loser.dialect().title()
                                + ": these routes are not in force for callers in the mesh",
                        "keep the routes of one dialect for a host"));
    }
}
