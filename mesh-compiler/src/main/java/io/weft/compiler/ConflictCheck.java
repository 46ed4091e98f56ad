package io.weft.compiler;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.compiler.dialect.DialectPolicies;
import io.weft.model.Origin;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
