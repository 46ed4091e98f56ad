package io.weft.compiler.dialect.istio;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.CompileContext;
import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.yaml.Field;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All AuthorizationPolicies. For a workload those of the root namespace and of its own are united,
 * in the order CUSTOM, DENY, ALLOW. Immutable once made.
 */
final class AuthorizationPolicies {

    private static final String DRY_RUN = "istio.io/dry-run";

    /** As Istio names them, in the order in which they are asked. */
    enum Action {
        /** Never decides, so it is asked before anything does. */
        AUDIT,
        CUSTOM,
        DENY,
        ALLOW
    }

    /** One policy; immutable. */
    record Policy(
            WorkloadSelection selection,
            Action action,
            String provider,
            boolean shadow,
            List<AuthorizationRule> rules,
            Origin origin) {}

    private final AuthorizationReader reader;
    private final TrustDomains trustDomains;
    private final Set<String> providers;
    private final String rootNamespace;
    private final Map<String, List<Policy>> byNamespace = new HashMap<>();

    AuthorizationPolicies(
            CompileContext context, TrustDomains trustDomains, Set<String> providers) {
        this.reader = new AuthorizationReader(trustDomains);
        this.trustDomains = trustDomains;
        this.providers = providers;
        this.rootNamespace = context.rootNamespace();
    }

    /** What a policy's meaning depends on beside itself. */
    Object given() {
        return List.of(trustDomains, providers);
    }

    Policy read(Field root) {
        Field spec = root.get("spec");
        AuthorizationReader.refuseTargets(spec);
        Action action = spec.get("action").constant(Action.class).orElse(Action.ALLOW);
        Field provider = spec.get("provider").get("name");
        String providerName = provider.text("");
        if (action == Action.CUSTOM && !providers.contains(providerName)) {
            provider.error(
                    Code.DANGLING_REFERENCE,
                    "no external authoriser '"
                            + providerName
                            + "' (expected: one of "
                            + providers
                            + ")",
                    "declare it among the extensionProviders of the mesh configuration");
        }
        List<AuthorizationRule> rules =
                spec.get("rules").items().stream().map(reader::rule).toList();
        boolean shadow = root.resource().annotations().getOrDefault(DRY_RUN, "").equals("true");
        Policy policy =
                new Policy(
                        WorkloadSelection.read(spec.get("selector"), rootNamespace),
                        action,
                        providerName,
                        shadow,
                        rules,
                        root.origin());
        if (rules.isEmpty()) {
            reportNoRules(root, policy);
        }
        return policy;
    }

    /** Takes one; only while the dialect compiles. */
    void add(Policy policy) {
        byNamespace
                .computeIfAbsent(policy.selection().namespace(), ns -> new ArrayList<>())
                .add(policy);
    }

    private static void reportNoRules(Field root, Policy policy) {
        if (policy.action() == Action.ALLOW) {
            String whom = policy.selection().hasSelector() ? "the selected workloads" : "all";
            root.info(
                    Code.UNDERSTOOD,
                    "without rules it allows nothing: "
                            + whom
                            + " in "
                            + (policy.selection().everywhere()
                                    ? "the mesh"
                                    : "namespace " + policy.selection().namespace())
                            + " deny what no other ALLOW policy allows");
        } else {
            root.warn(
                    Code.INEFFECTIVE_POLICY,
                    "a " + policy.action() + " policy without rules never matches",
                    "add rules; rules: [{}] matches everything");
        }
    }

    Optional<AuthzLayer> layer(WorkloadView server, InboundView port) {
        List<Policy> applied = new ArrayList<>();
        collect(rootNamespace, server, applied);
        if (!server.namespace().equals(rootNamespace)) {
            collect(server.namespace(), server, applied);
        }
        if (applied.isEmpty()) {
            return Optional.empty();
        }
        List<AuthzStep> steps = new ArrayList<>();
        applied.stream()
                .sorted(Comparator.comparing(Policy::action))
                .forEach(policy -> steps(policy, port, steps));
        Optional<Policy> closing =
                applied.stream()
                        .filter(p -> p.action() == Action.ALLOW && !p.shadow())
                        .min(Comparator.comparing(p -> p.rules().isEmpty() ? 0 : 1));
        return Optional.of(
                new AuthzLayer(
                        Dialect.ISTIO,
                        steps,
                        closing.isPresent() ? Effect.DENY : Effect.ALLOW,
                        closing.map(Policy::origin)
                                .orElseGet(() ->
                                        Origin.builtIn(
                                                "allowed, since no ALLOW policy" + " applies"))));
    }

    private void collect(String namespace, WorkloadView server, List<Policy> applied) {
        byNamespace.getOrDefault(namespace, List.of()).stream()
                .filter(policy -> policy.selection().selects(server))
                .forEach(applied::add);
    }

    private static void steps(Policy policy, InboundView port, List<AuthzStep> steps) {
        for (AuthorizationRule rule : policy.rules()) {
            boolean permits = policy.action() == Action.ALLOW || policy.action() == Action.AUDIT;
            Optional<Match> match = rule.on(port.protocol(), permits);
            if (match.isPresent()) {
                steps.add(step(policy, match.get(), rule.origin()));
            }
        }
    }

    private static AuthzStep step(Policy policy, Match when, Origin origin) {
        return switch (policy.action()) {
            case AUDIT -> new AuthzStep.Audit(when, origin);
            case CUSTOM -> new AuthzStep.External(policy.provider(), when, policy.shadow(), origin);
            case DENY -> new AuthzStep.Decide(Effect.DENY, when, policy.shadow(), origin);
            case ALLOW -> new AuthzStep.Decide(Effect.ALLOW, when, policy.shadow(), origin);
        };
    }
}
