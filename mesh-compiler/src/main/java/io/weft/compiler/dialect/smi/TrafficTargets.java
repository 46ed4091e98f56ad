package io.weft.compiler.dialect.smi;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import io.weft.model.match.StringMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All TrafficTargets by the service account that they protect. They only allow; with one on a
 * service account, everything else to it is denied. Immutable once made.
 */
final class TrafficTargets {

    private static final String SERVICE_ACCOUNT = "ServiceAccount";
    private static final Set<String> PORT_VERSIONS = Set.of("v1alpha1", "v1alpha2");

    /**
     * @param account the callee's, {@code namespace/name}
     * @param port 0 for every port
     */
    record TargetPolicy(String account, int port, Match sources, List<Rule> rules, Origin origin) {}

    record Rule(Match match, Origin origin) {}

    private final RouteGroups groups;
    private final String trustDomain;
    private final Map<String, List<TargetPolicy>> byAccount = new HashMap<>();

    TrafficTargets(RouteGroups groups, String trustDomain) {
        this.groups = groups;
        this.trustDomain = trustDomain;
    }

    /** Takes one as it was read; only while the dialect compiles. */
    void add(TargetPolicy policy) {
        byAccount.computeIfAbsent(policy.account(), account -> new ArrayList<>()).add(policy);
    }

    /** Depends on the route groups beside the resource. */
    TargetPolicy read(Field root) {
        // Top-level with "specs" in v1alpha1, below spec with "rules" later; both are read.
        Field spec = root.get("destination").isPresent() ? root : root.get("spec");
        String own = root.resource().namespace();
        Field destination = spec.get("destination");
        String namespace = destination.get("namespace").text(own);
        String name = destination.get("name").required();
        requireServiceAccount(destination);
        if (!namespace.equals(own)) {
            destination
                    .get("namespace")
                    .error(
                            Code.CONTRADICTION,
                            "'"
                                    + namespace
                                    + "' (expected: the target's own namespace "
                                    + own
                                    + ")",
                            "move the TrafficTarget to namespace " + namespace);
        }
        Field portField = destination.get("port");
        int port = portField.integer(1, 65535, 0);
        if (portField.isPresent() && !PORT_VERSIONS.contains(root.resource().version())) {
            portField.warn(
                    Code.LEGACY_FIELD,
                    "SMI knows destination.port up to v1alpha2 only; read as it was meant there",
                    "name the ports in a TCPRoute: matches.ports");
        }
        List<Match> sources = new ArrayList<>();
        for (Field source : spec.get("sources").items()) {
            requireServiceAccount(source);
            // An account of this mesh: one of the same name in another trust domain is another.
            String account =
                    trustDomain
                            + "/ns/"
                            + source.get("namespace").text(own)
                            + "/sa/"
                            + source.get("name").required();
            sources.add(new Match.PeerPrincipal(new StringMatch.Exact(account)));
        }
        if (sources.isEmpty()) {
            spec.get("sources")
                    .warn(Code.INEFFECTIVE_POLICY, "no source: nobody is allowed", "add sources");
        }
        return new TargetPolicy(
                namespace + "/" + name, port, Match.anyOf(sources), rules(spec), root.origin());
    }

    private List<Rule> rules(Field spec) {
        Field list = spec.get("specs").isPresent() ? spec.get("specs") : spec.get("rules");
        List<Rule> rules = new ArrayList<>();
        for (Field item : list.items()) {
            String kind = item.get("kind").required();
            if (!kind.equals("HTTPRouteGroup") && !kind.equals("TCPRoute")) {
                item.get("kind").reportValue(kind, "HTTPRouteGroup, TCPRoute");
                continue;
            }
            Match match =
                    groups.find(
                            item,
                            kind,
                            item.resource().namespace(),
                            item.get("matches").textItems());
            if (match != null) {
                rules.add(new Rule(match, item.origin()));
            }
        }
        if (list.items().isEmpty()) {
            list.warn(
                    Code.INEFFECTIVE_POLICY,
                    "no rule: nothing is allowed",
                    "refer to an HTTPRouteGroup or a TCPRoute");
        }
        return rules;
    }

    private static void requireServiceAccount(Field reference) {
        Field kind = reference.get("kind");
        String text = kind.text(SERVICE_ACCOUNT);
        if (!text.equals(SERVICE_ACCOUNT)) {
            kind.reportValue(text, SERVICE_ACCOUNT);
        }
    }

    Optional<AuthzLayer> layer(WorkloadView server, InboundView inbound) {
        List<TargetPolicy> policies =
                byAccount.get(server.namespace() + "/" + server.serviceAccount());
        if (policies == null) {
            return Optional.empty();
        }
        List<AuthzStep> steps = new ArrayList<>();
        for (TargetPolicy policy : policies) {
            if (policy.port() > 0 && policy.port() != inbound.port()) {
                continue;
            }
            for (Rule rule : policy.rules()) {
                steps.add(
                        new AuthzStep.Decide(
                                Effect.ALLOW,
                                Match.allOf(List.of(policy.sources(), rule.match())),
                                false,
                                rule.origin()));
            }
        }
        return Optional.of(
                new AuthzLayer(Dialect.SMI, steps, Effect.DENY, policies.getFirst().origin()));
    }
}
