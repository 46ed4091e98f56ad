package io.weft.compiler.dialect.linkerd;

import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Linkerd's authorisation of a port: what a Server covers is closed but for what authorises;
 * without one the default of its pods or namespace holds. Linkerd's exemptions for loopback and for
 * probes are left out: an application's own loopback traffic does not pass its sidecar here, and
 * every caller of a mesh on one machine would come under it.
 */
final class InboundLayers {

    private static final Match REQUEST = new Match.Method(new StringMatch.Prefix(""));

    private final List<ServerSpec> servers;
    private final List<RouteSpec> routes;
    private final List<Authorizations.Grant> grants;
    private final DefaultPolicies defaults;

    InboundLayers(
            List<ServerSpec> servers,
            List<RouteSpec> routes,
            List<Authorizations.Grant> grants,
            DefaultPolicies defaults) {
        this.servers = List.copyOf(servers);
        this.routes = List.copyOf(routes);
        this.grants = List.copyOf(grants);
        this.defaults = defaults;
    }

    Optional<AuthzLayer> layer(WorkloadView workload, InboundView inbound) {
        return servers.stream()
                .filter(server -> server.covers(workload, inbound))
                .findFirst()
                .map(server -> layer(server, inbound))
                .or(() -> byDefault(workload));
    }

    private Optional<AuthzLayer> byDefault(WorkloadView workload) {
        DefaultPolicies.Default found = defaults.of(workload).orElse(null);
        if (found == null || found.access() == DefaultAccess.ALL_UNAUTHENTICATED) {
            return Optional.empty();
        }
        List<AuthzStep> steps = new ArrayList<>();
        addDefault(found.access(), Match.ALWAYS, found.origin(), steps);
        return Optional.of(new AuthzLayer(Dialect.LINKERD, steps, Effect.DENY, found.origin()));
    }

    private AuthzLayer layer(ServerSpec server, InboundView inbound) {
        List<Authorizations.Grant> ofServer =
                grants.stream().filter(grant -> grant.covers(server)).toList();
        List<RouteSpec> attached =
                routes.stream().filter(route -> isAttached(route, server)).toList();
        List<AuthzStep> steps = new ArrayList<>();
        if (attached.isEmpty() || !inbound.protocol().mayBeHttp()) {
            ofServer.forEach(grant -> steps.add(allow(grant.callers(), grant.origin())));
            addDefault(server.access(), Match.ALWAYS, server.origin(), steps);
        } else {
            for (RouteOrder.Entry entry : RouteOrder.of(attached)) {
                routeSteps(server, ofServer, entry, steps);
            }
            Match connection = new Match.Not(REQUEST);
            for (Authorizations.Grant grant : ofServer) {
                steps.add(allow(and(connection, grant.callers()), grant.origin()));
            }
            addDefault(server.access(), connection, server.origin(), steps);
        }
        return new AuthzLayer(Dialect.LINKERD, steps, Effect.DENY, server.origin());
    }

    private static boolean isAttached(RouteSpec route, ServerSpec server) {
        return route.parents().stream()
                .anyMatch(p ->
                        p.kind().equals("Server")
                                && p.namespace().equals(server.namespace())
                                && p.name().equals(server.name()));
    }

    /** The first route that matches decides alone: by its own grants and by those of the Server. */
    private void routeSteps(
            ServerSpec server,
            List<Authorizations.Grant> ofServer,
            RouteOrder.Entry entry,
            List<AuthzStep> steps) {
        RouteSpec route = entry.route();
        Match match = and(REQUEST, entry.match());
        for (Authorizations.Grant grant : grants) {
            if (grant.covers(route) || ofServer.contains(grant)) {
                steps.add(allow(and(match, grant.callers()), grant.origin()));
            }
        }
        addDefault(server.access(), match, server.origin(), steps);
        steps.add(
                new AuthzStep.Decide(
                        Effect.DENY, match, false, route.rules().get(entry.ruleIndex()).origin()));
    }

    private static void addDefault(
            DefaultAccess access, Match match, Origin origin, List<AuthzStep> steps) {
        if (access == DefaultAccess.AUDIT) {
            steps.add(new AuthzStep.Audit(match, origin));
        }
        if (access != DefaultAccess.DENY) {
            steps.add(allow(and(match, access.callers()), origin));
        }
    }

    private static Match and(Match one, Match other) {
        return Match.allOf(List.of(one, other));
    }

    private static AuthzStep allow(Match when, Origin origin) {
        return new AuthzStep.Decide(Effect.ALLOW, when, false, origin);
    }
}
