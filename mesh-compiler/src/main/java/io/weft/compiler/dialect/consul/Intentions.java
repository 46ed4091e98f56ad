package io.weft.compiler.dialect.consul;

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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All ServiceIntentions. For a source exactly one intention holds, the one of highest precedence;
 * what its permissions do not decide, the mesh's default does. Immutable once made.
 */
final class Intentions {

    private static final String ANY = "*";

    /**
     * @param effect null where permissions decide
     */
    private record Intention(
            String namespace,
            String destination,
            String source,
            Match peer,
            @Nullable Effect effect,
            List<Permission> permissions,
            Origin origin) {

        /** Consul's numbers; the destination counts before the source. */
        int precedence() {
            if (destination.equals(ANY)) {
                return source.equals(ANY) ? 5 : 6;
            }
            return source.equals(ANY) ? 8 : 9;
        }
    }

    private record Permission(Effect effect, Match match, Origin origin) {}

    private final boolean allowByDefault;
    private final ServiceDefaults defaults;
    private final List<Intention> intentions = new ArrayList<>();

    Intentions(boolean allowByDefault, ServiceDefaults defaults) {
        this.allowByDefault = allowByDefault;
        this.defaults = defaults;
    }

    void add(Field root) {
        Field spec = root.get("spec");
        String own = root.resource().namespace();
        Field destination = spec.get("destination");
        String name = destination.get("name").required();
        String namespace = destination.get("namespace").text(own);
        refuseTokens(spec.get("jwt"));
        for (Field source : spec.get("sources").items()) {
            intentions.add(source(source, name, namespace, own));
        }
        if (spec.get("sources").items().isEmpty()) {
            spec.get("sources").reportMissing();
        }
    }

    private Intention source(Field source, String destination, String namespace, String own) {
        String name = source.get("name").required();
        String sourceNamespace = source.get("namespace").text(own);
        source.get("description").accept();
        source.get("type").accept();
        for (String other : List.of("peer", "partition", "samenessGroup")) {
            Field field = source.get(other).accept();
            if (field.isPresent() && !field.text("default").equals("default")) {
                field.error(
                        Code.UNSUPPORTED_FIELD,
                        "sources of other meshes are not told apart",
                        "remove the source");
            }
        }
        List<Permission> permissions = permissions(source.get("permissions"), destination, own);
        Effect effect = effect(source.get("action"));
        if ((effect == null) == permissions.isEmpty()) {
            source.error(
                    Code.CONTRADICTION,
                    effect == null
                            ? "neither action nor permissions (expected: one)"
                            : "both action and permissions (expected: one)",
                    "keep one of the two");
        }
        return new Intention(
                namespace,
                destination,
                name,
                peer(name, sourceNamespace),
                effect,
                permissions,
                source.origin());
    }

    /** A service runs under the service account of its name, as Consul requires on Kubernetes. */
    private static Match peer(String name, String namespace) {
        if (name.equals(ANY)) {
            return namespace.equals(ANY)
                    ? Match.ALWAYS
                    : new Match.PeerNamespace(new StringMatch.Exact(namespace));
        }
        return new Match.PeerServiceAccount(
                namespace.equals(ANY)
                        ? new StringMatch.Suffix("/" + name)
                        : new StringMatch.Exact(namespace + "/" + name));
    }

    private static @Nullable Effect effect(Field action) {
        String text = action.text("");
        return switch (text) {
            case "" -> null;
            case "allow" -> Effect.ALLOW;
            case "deny" -> Effect.DENY;
            default -> {
                action.reportValue(text, "allow, deny");
                yield Effect.DENY;
            }
        };
    }

    private List<Permission> permissions(Field list, String destination, String namespace) {
        List<Permission> permissions = new ArrayList<>();
        for (Field item : list.items()) {
            Effect effect = effect(item.get("action"));
            if (effect == null) {
                item.get("action").reportMissing();
            }
            refuseTokens(item.get("jwt"));
            permissions.add(
                    new Permission(
                            effect == null ? Effect.DENY : effect,
                            HttpConditions.permission(item.get("http")),
                            item.origin()));
        }
        if (!permissions.isEmpty()
                && (destination.equals(ANY)
                        || "tcp".equals(defaults.protocol(Names.host(destination, namespace))))) {
            list.error(
                    Code.CONTRADICTION,
                    "permissions on "
                            + (destination.equals(ANY)
                                    ? "a wildcard destination"
                                    : "a TCP service"),
                    "use action, or set protocol http in the ServiceDefaults of " + destination);
        }
        return permissions;
    }

    private static void refuseTokens(Field jwt) {
        jwt.accept();
        if (jwt.isPresent()) {
            jwt.error(
                    Code.UNSUPPORTED_FIELD,
                    "tokens are not checked by intentions; ignoring this would open what it closes",
                    "use a RequestAuthentication and an AuthorizationPolicy of security.istio.io");
        }
    }

    Optional<AuthzLayer> layer(WorkloadView server, InboundView port) {
        List<String> names = port.services().isEmpty() ? List.of(server.name()) : port.services();
        List<Intention> applied =
                intentions.stream()
                        .filter(i ->
                                i.namespace().equals(server.namespace())
                                        || i.namespace().equals(ANY))
                        .filter(i -> i.destination().equals(ANY) || names.contains(i.destination()))
                        .sorted(Comparator.comparingInt(Intention::precedence).reversed())
                        .toList();
        if (applied.isEmpty() && allowByDefault) {
            return Optional.empty();
        }
        Effect otherwise = allowByDefault ? Effect.ALLOW : Effect.DENY;
        Origin origin =
                Origin.builtIn("intentions' default: " + (allowByDefault ? "allow" : "deny"));
        List<AuthzStep> steps = new ArrayList<>();
        for (Intention intention : applied) {
            // Denying everyone includes those who have no identity; allowing does not.
            boolean denyAll = intention.source().equals(ANY) && intention.effect() == Effect.DENY;
            Match peer = denyAll ? Match.ALWAYS : identified(intention.peer());
            for (Permission permission : intention.permissions()) {
                steps.add(
                        new AuthzStep.Decide(
                                permission.effect(),
                                Match.allOf(List.of(peer, permission.match())),
                                false,
                                permission.origin()));
            }
            // Without a permission that matches, the default decides and not the next intention.
            Effect effect = intention.effect() == null ? otherwise : intention.effect();
            steps.add(
                    new AuthzStep.Decide(
                            effect,
                            peer,
                            false,
                            intention.effect() == null ? origin : intention.origin()));
        }
        return Optional.of(new AuthzLayer(Dialect.CONSUL, steps, otherwise, origin));
    }

    private static Match identified(Match peer) {
        return peer instanceof Match.Always
                ? new Match.PeerPrincipal(new StringMatch.Present())
                : peer;
    }
}
