package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.Origin;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.List;

/** Says what becomes of several VirtualServices of one host in the mesh (WFT0401). */
final class SharedHosts {

    private SharedHosts() {}

    /**
     * Reports a VirtualService whose host others have already.
     *
     * @param others older ones, the oldest first
     */
    static void report(
            String host,
            List<VirtualServiceSpec> others,
            VirtualServiceSpec spec,
            Diagnostics diagnostics) {
        VirtualServiceSpec first = others.getFirst();
        if (!first.merges() || !spec.merges()) {
            add(
                    spec.origin(),
                    host,
                    host
                            + " is routed by "
                            + first.origin().describe()
                            + " already: in the mesh the older one wins and this one is"
                            + " not in force for callers who see both",
                    "put the routes into one VirtualService, or annotate both with "
                            + VirtualServiceReader.MERGE
                            + ": \"true\"",
                    diagnostics);
            return;
        }
        for (VirtualServiceSpec older : others) {
            if (older.merges()) {
                overlaps(host, older, spec, diagnostics);
            }
        }
    }

    /** Routes of the younger one that the older one's take the requests of. */
    private static void overlaps(
            String host,
            VirtualServiceSpec older,
            VirtualServiceSpec younger,
            Diagnostics diagnostics) {
        for (HttpRouteSpec route : younger.http()) {
            older.http().stream()
                    .filter(before -> takes(before, route))
                    .findFirst()
                    .ifPresent(before ->
                            add(
                                    route.origin(),
                                    host,
                                    "merged with "
                                            + before.origin().describe()
                                            + ", whose route is older and matches the same"
                                            + " requests of "
                                            + host
                                            + ": this one does not get them",
                                    "let each VirtualService match requests of its own",
                                    diagnostics));
        }
    }

    private static boolean takes(HttpRouteSpec before, HttpRouteSpec route) {
        // What takes everything comes last, so that it takes nothing but from its like.
        if (before.isCatchAll() != route.isCatchAll()) {
            return false;
        }
        return route.matches().stream()
                .anyMatch(one -> before.matches().stream().anyMatch(m -> covers(m, one)));
    }

    private static boolean covers(HttpMatchSpec wide, HttpMatchSpec narrow) {
        boolean sameCallers =
                wide.gateways().equals(narrow.gateways())
                        && narrow.sourceLabels()
                                .entrySet()
                                .containsAll(wide.sourceLabels().entrySet())
                        && (wide.sourceNamespace().isEmpty()
                                || wide.sourceNamespace().equals(narrow.sourceNamespace()))
                        && (wide.port() == 0 || wide.port() == narrow.port());
        return sameCallers
                && (wide.request().equals(narrow.request())
                        || wide.request() instanceof Match.Path(StringMatch.Prefix prefix)
                                && !prefix.ignoreCase()
                                && begins(narrow.uri(), prefix.value()));
    }

    private static boolean begins(
            @org.jspecify.annotations.Nullable StringMatch uri, String prefix) {
        return uri instanceof StringMatch.Prefix own && own.value().startsWith(prefix)
                || uri instanceof StringMatch.Exact exact && exact.value().startsWith(prefix);
    }

    private static void add(
            Origin at, String host, String message, String mend, Diagnostics diagnostics) {
        diagnostics.add(
                new Diagnostic(
                        Code.OVERLAPPING_HOSTS,
                        Level.WARNING,
                        at.kind(),
                        at.namespace(),
                        at.name(),
                        "spec.hosts",
                        at.file(),
                        at.line(),
                        1,
                        host,
                        message,
                        mend));
    }
}
