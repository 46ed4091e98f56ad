package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.compiler.diagnostic.Diagnostics;
import io.weft.compiler.diagnostic.Level;
import io.weft.model.Origin;
import java.util.List;

/** Finds policies and routes that refer to what is not there. */
final class References {

    private References() {}

    static void report(
            List<ServerSpec> servers,
            List<RouteSpec> routes,
            List<Authorizations.Grant> grants,
            Diagnostics diagnostics) {
        for (RouteSpec route : routes) {
            for (RouteSpec.Parent parent : route.parents()) {
                boolean there =
                        parent.kind().equals("Service")
                                || servers.stream()
                                        .anyMatch(s ->
                                                s.namespace().equals(parent.namespace())
                                                        && s.name().equals(parent.name()));
                if (!there) {
                    add(
                            diagnostics,
                            Code.DANGLING_REFERENCE,
                            parent.origin(),
                            "Server "
                                    + parent.namespace()
                                    + "/"
                                    + parent.name()
                                    + " does not exist: the route is attached to nothing",
                            "create the Server, or correct parentRefs");
                }
            }
        }
        for (Authorizations.Grant grant : grants) {
            boolean effective =
                    servers.stream().anyMatch(grant::covers)
                            || routes.stream().anyMatch(grant::covers);
            if (!effective) {
                add(
                        diagnostics,
                        Code.INEFFECTIVE_POLICY,
                        grant.origin(),
                        "no "
                                + (grant.kind().equals("Namespace") ? "Server" : grant.kind())
                                + " is there that it authorises for: it has no effect",
                        "create what it refers to, or correct the reference");
            }
        }
        for (int i = 0; i < servers.size(); i++) {
            for (int j = 0; j < i; j++) {
                sameSelection(servers.get(j), servers.get(i), diagnostics);
            }
        }
    }

    private static void sameSelection(ServerSpec older, ServerSpec newer, Diagnostics diagnostics) {
        if (older.namespace().equals(newer.namespace())
                && older.port().equals(newer.port())
                && older.pods().equals(newer.pods())) {
            add(
                    diagnostics,
                    Code.INEFFECTIVE_POLICY,
                    newer.origin(),
                    "selects the same port of the same workloads as Server "
                            + older.name()
                            + ", which is older and holds",
                    "keep one Server for a port");
        }
    }

    static void add(Diagnostics diagnostics, Code code, Origin at, String message, String mend) {
        diagnostics.add(
                new Diagnostic(
                        code,
                        Level.WARNING,
                        at.kind(),
                        at.namespace(),
                        at.name(),
                        "",
                        at.file(),
                        at.line(),
                        1,
                        "",
                        message,
                        mend));
    }
}
