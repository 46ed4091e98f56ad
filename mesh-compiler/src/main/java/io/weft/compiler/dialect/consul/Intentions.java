package io.weft.compiler.dialect.consul;

import io.weft.compiler.dialect.InboundView;
import io.weft.compiler.dialect.WorkloadView;
import io.weft.compiler.dialect.consul.intention.Intention;
import io.weft.compiler.dialect.consul.intention.Permission;
import io.weft.compiler.dialect.consul.intention.Precedence;
import io.weft.compiler.dialect.consul.intention.TokenRequirement;
import io.weft.model.Dialect;
import io.weft.model.Origin;
import io.weft.model.authz.AuthzLayer;
import io.weft.model.authz.AuthzStep;
import io.weft.model.authz.Effect;
import io.weft.model.authz.JwtRule;
import io.weft.model.match.Match;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All intentions as what a workload's ports allow. For a source exactly one intention holds, the
 * one of highest precedence; what its permissions do not decide, the mesh's default does.
 * Immutable.
 */
final class Intentions {

    private static final String ANY = "*";

    private final List<Intention> ordered;
    private final boolean allowByDefault;
    private final Callers callers;
    private final JwtProviders providers;

    Intentions(
            List<Intention> intentions,
            boolean allowByDefault,
            Callers callers,
            JwtProviders providers) {
        this.ordered = intentions.stream().sorted(Precedence.ORDER).toList();
        this.allowByDefault = allowByDefault;
        this.callers = callers;
        this.providers = providers;
    }

    private Effect byDefault() {
        return allowByDefault ? Effect.ALLOW : Effect.DENY;
    }

    /** Those for one of the services before a workload, highest precedence first. */
    private List<Intention> applied(WorkloadView server, List<String> services) {
        List<String> names = services.isEmpty() ? List.of(server.name()) : services;
        return ordered.stream()
                .filter(i ->
                        i.destinationNamespace().equals(server.namespace())
                                || i.destinationNamespace().equals(ANY))
                .filter(i -> i.destination().equals(ANY) || names.contains(i.destination()))
                .toList();
    }

    /** How the tokens are verified that intentions for a workload ask for. */
    List<JwtRule> tokenRules(WorkloadView server, List<String> services) {
        Map<String, JwtRule> rules = new LinkedHashMap<>();
        for (Intention intention : applied(server, services)) {
            Stream.concat(
                            Stream.ofNullable(intention.token()),
                            intention.permissions().stream()
                                    .map(Permission::token)
                                    .filter(Objects::nonNull))
                    .flatMap(token -> token.providers().stream())
                    .forEach(provider -> {
                        JwtRule rule = providers.get(provider.name());
                        if (rule != null) {
                            rules.putIfAbsent(provider.name(), rule);
                        }
                    });
        }
        return List.copyOf(rules.values());
    }

    Optional<AuthzLayer> layer(WorkloadView server, InboundView port) {
        List<Intention> applied = applied(server, port.services());
        if (applied.isEmpty() && allowByDefault) {
            return Optional.empty();
        }
        Origin origin =
                Origin.builtIn("intentions' default: " + (allowByDefault ? "allow" : "deny"));
        List<AuthzStep> steps = new ArrayList<>();
        for (Intention intention : applied) {
            // Tokens are of requests: Consul leaves them aside for a service that speaks TCP.
            TokenRequirement token = port.protocol().mayBeHttp() ? intention.token() : null;
            Match peer = callers.match(intention.source(), intention.effect() == Effect.DENY);
            if (intention.permissions().isEmpty()) {
                addAction(steps, intention, peer, token);
            } else {
                addPermissions(steps, intention, peer, token, origin);
            }
        }
        return Optional.of(new AuthzLayer(Dialect.CONSUL, steps, byDefault(), origin));
    }

    private void addAction(
            List<AuthzStep> steps,
            Intention intention,
            Match peer,
            @Nullable TokenRequirement token) {
        Effect effect = intention.effect() == Effect.ALLOW ? Effect.ALLOW : Effect.DENY;
        if (effect == Effect.ALLOW && token != null) {
            steps.add(decide(Effect.ALLOW, both(peer, providers.match(token)), intention.origin()));
            // The intention holds for this source, and it wants a token.
            steps.add(decide(Effect.DENY, peer, intention.origin()));
        } else {
            steps.add(decide(effect, peer, intention.origin()));
        }
    }

    private void addPermissions(
            List<AuthzStep> steps,
            Intention intention,
            Match peer,
            @Nullable TokenRequirement token,
            Origin defaultOrigin) {
        Match shown = token == null ? Match.ALWAYS : providers.match(token);
        for (Permission permission : intention.permissions()) {
            List<Match> all = new ArrayList<>(List.of(peer, permission.match()));
            if (permission.effect() == Effect.ALLOW) {
                all.add(shown);
            }
            if (permission.token() != null) {
                all.add(providers.match(permission.token()));
            }
            steps.add(decide(permission.effect(), Match.allOf(all), permission.origin()));
        }
        // What is not a request cannot have a permission, whatever the default says.
        steps.add(decide(Effect.DENY, both(peer, HttpConditions.NO_REQUEST), intention.origin()));
        if (token != null) {
            steps.add(decide(Effect.DENY, both(peer, new Match.Not(shown)), intention.origin()));
        }
        // Without a permission that matches, the default decides and not the next intention.
        steps.add(decide(byDefault(), peer, defaultOrigin));
    }

    private static Match both(Match one, Match other) {
        return Match.allOf(List.of(one, other));
    }

    private static AuthzStep decide(Effect effect, Match when, Origin origin) {
        return new AuthzStep.Decide(effect, when, false, origin);
    }
}
