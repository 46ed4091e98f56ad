package io.weft.compiler.dialect.consul;

import io.weft.compiler.diagnostic.Code;
import io.weft.compiler.dialect.consul.intention.Intention;
import io.weft.compiler.dialect.consul.intention.Permission;
import io.weft.compiler.dialect.consul.intention.Source;
import io.weft.compiler.dialect.consul.intention.TokenRequirement;
import io.weft.compiler.yaml.Field;
import io.weft.model.authz.Effect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code ServiceIntentions}. */
final class IntentionReader {

    private static final String ANY = "*";
    private static final int LONGEST_DESCRIPTION = 512;

    private final Peers peers;
    private final JwtProviders providers;

    IntentionReader(Peers peers, JwtProviders providers) {
        this.peers = peers;
        this.providers = providers;
    }

    List<Intention> read(Field root) {
        Field spec = root.get("spec");
        Field destination = spec.get("destination");
        Names.refusePartition(destination);
        String name = name(destination);
        String namespace = namespace(destination, name);
        TokenRequirement token = token(spec.get("jwt"));
        List<Intention> intentions = new ArrayList<>();
        Set<Source> seen = new HashSet<>();
        for (Field field : spec.get("sources").items()) {
            Source source = source(field);
            if (!seen.add(source)) {
                field.error(
                        Code.CONTRADICTION,
                        (source.peer().isEmpty() ? "" : "peer(\"" + source.peer() + "\") ")
                                + "\""
                                + source.name()
                                + "\" is there more than once",
                        "keep one of them");
            }
            intentions.add(intention(field, source, name, namespace, token));
        }
        if (intentions.isEmpty()) {
            spec.get("sources").reportMissing();
        }
        return intentions;
    }

    private static String name(Field holder) {
        Field field = holder.get("name");
        String name = field.required();
        refusePartialWildcard(field, name);
        return name;
    }

    private static String namespace(Field holder, String name) {
        Field field = holder.get("namespace");
        String namespace = field.text(holder.resource().namespace());
        if (namespace.isEmpty() && field.isPresent()) {
            field.reportMissing();
        }
        refusePartialWildcard(field, namespace);
        if (namespace.equals(ANY) && !name.equals(ANY)) {
            field.error(
                    Code.CONTRADICTION,
                    "an exact name cannot follow wildcard",
                    "name the namespace, or use name \"*\"");
        }
        return namespace;
    }

    private static void refusePartialWildcard(Field field, String text) {
        if (text.contains(ANY) && !text.equals(ANY)) {
            field.error(
                    Code.INVALID_VALUE,
                    "'" + text + "': '*' cannot be used with partial values",
                    "write a whole name, or * alone");
        }
    }

    private Source source(Field field) {
        String name = name(field);
        Names.refusePartition(field);
        Field type = field.get("type");
        String typeName = type.text("consul");
        if (!typeName.equals("consul")) {
            type.reportValue(typeName, "consul");
        }
        Field peer = field.get("peer");
        Field group = field.get("samenessGroup");
        if (!peer.text("").isEmpty() && !group.text("").isEmpty()) {
            group.error(Code.CONTRADICTION, "both peer and samenessGroup", "keep one of the two");
        }
        requireKnown(peer, group);
        String description = field.get("description").text("");
        if (description.length() > LONGEST_DESCRIPTION) {
            field.get("description")
                    .error(
                            Code.OUT_OF_RANGE,
                            description.length()
                                    + " characters (expected: at most "
                                    + LONGEST_DESCRIPTION
                                    + ")",
                            "shorten it");
        }
        String namespace = namespace(field, name);
        // Without namespaces (in Consul's community edition) all services are meant: to deny fewer
        // would let callers in, to allow more would as well.
        boolean everywhere =
                name.equals(ANY)
                        && !field.get("namespace").isPresent()
                        && field.get("action").text("").equals("deny");
        return new Source(name, everywhere ? ANY : namespace, peer.text(""), group.text(""));
    }

    private void requireKnown(Field peer, Field group) {
        String name = peer.text("");
        if (!name.isEmpty() && peers.trustDomain(name).isEmpty()) {
            peer.warn(
                    Code.UNKNOWN_PEER,
                    "'" + name + "' is no peer whose trust domain is known: nobody is meant",
                    "add a PeeringDialer or PeeringAcceptor named "
                            + name
                            + " with the annotation "
                            + Peers.TRUST_DOMAIN);
        }
        String groupName = group.text("");
        if (!groupName.isEmpty() && !peers.hasGroup(groupName)) {
            group.warn(
                    Code.DANGLING_REFERENCE,
                    "there is no SamenessGroup '" + groupName + "': only this mesh is meant",
                    "add the SamenessGroup");
        }
    }

    private Intention intention(
            Field field,
            Source source,
            String destination,
            String namespace,
            @Nullable TokenRequirement token) {
        Effect effect = effect(field.get("action"));
        List<Permission> permissions = new ArrayList<>();
        for (Field item : field.get("permissions").items()) {
            permissions.add(permission(item));
        }
        boolean hasAction = !field.get("action").text("").isEmpty();
        if (hasAction != permissions.isEmpty()) {
            field.error(
                    Code.CONTRADICTION,
                    hasAction
                            ? "both action and permissions (expected: one)"
                            : "neither action nor permissions (expected: one)",
                    "keep one of the two");
        }
        if (!permissions.isEmpty() && destination.equals(ANY)) {
            field.get("permissions")
                    .error(
                            Code.CONTRADICTION,
                            "permissions on a wildcard destination",
                            "use action, or name the destination");
        }
        return new Intention(
                destination, namespace, source, effect, permissions, token, field.origin());
    }

    private Permission permission(Field item) {
        Effect effect = effect(item.get("action"));
        if (effect == null) {
            item.get("action").reportMissing();
        }
        return new Permission(
                effect == null ? Effect.DENY : effect,
                HttpConditions.permission(item.get("http")),
                token(item.get("jwt")),
                item.origin());
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

    private @Nullable TokenRequirement token(Field jwt) {
        List<TokenRequirement.Provider> read = new ArrayList<>();
        for (Field provider : jwt.get("providers").items()) {
            String name = provider.get("name").required();
            if (!name.isEmpty() && providers.get(name) == null) {
                provider.get("name")
                        .error(
                                Code.DANGLING_REFERENCE,
                                "there is no JWTProvider '" + name + "'",
                                "add the JWTProvider, or correct the name");
            }
            List<TokenRequirement.ClaimCheck> claims = new ArrayList<>();
            for (Field claim : provider.get("verifyClaims").items()) {
                List<String> path = claim.get("path").textItems();
                if (path.isEmpty()) {
                    claim.get("path").reportMissing();
                } else {
                    claims.add(
                            new TokenRequirement.ClaimCheck(
                                    path, claim.get("value").loose().orElse("")));
                }
            }
            read.add(new TokenRequirement.Provider(name, claims));
        }
        if (jwt.isPresent() && read.isEmpty()) {
            jwt.get("providers").reportMissing();
        }
        return read.isEmpty() ? null : new TokenRequirement(read);
    }
}
