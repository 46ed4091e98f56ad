package io.weft.compiler.dialect.consul.intention;

import io.weft.model.Origin;
import io.weft.model.authz.Effect;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What holds between a source and a destination.
 *
 * @param destination a service, or {@code *}
 * @param effect null where permissions decide
 * @param permissions in order; the first that matches decides
 * @param token null where none is asked for
 */
public record Intention(
        String destination,
        String destinationNamespace,
        Source source,
        @Nullable Effect effect,
        List<Permission> permissions,
        @Nullable TokenRequirement token,
        Origin origin) {

    public Intention {
        permissions = List.copyOf(permissions);
    }

    /** By which end an intention is looked for. */
    public enum Side {
        SOURCE,
        DESTINATION
    }

    /** From 9 to 1: the destination counts before the source, names before namespaces. */
    public int precedence() {
        int max =
                switch (exactness(destinationNamespace, destination)) {
                    case 2 -> 9;
                    case 1 -> 6;
                    default -> 3;
                };
        return max - (2 - exactness(source.namespace(), source.name()));
    }

    private static int exactness(String namespace, String name) {
        if (!name.equals(Source.ANY)) {
            return 2;
        }
        return namespace.equals(Source.ANY) ? 0 : 1;
    }

    /** Whether a service at one end is meant. */
    public boolean covers(Side side, String name, String namespace, String peer) {
        return switch (side) {
            case SOURCE ->
                    source.peer().equals(peer)
                            && one(source.namespace(), namespace)
                            && one(source.name(), name);
            case DESTINATION ->
                    peer.isEmpty()
                            && one(destinationNamespace, namespace)
                            && one(destination, name);
        };
    }

    private static boolean one(String wanted, String name) {
        return wanted.equals(Source.ANY) || wanted.equals(name);
    }

    /** Whether it allows connections: only an action does, permissions are about requests. */
    public boolean allowsConnections() {
        return effect == Effect.ALLOW;
    }

    /** One line, as Consul prints it. */
    public String display() {
        String what =
                permissions.isEmpty()
                        ? "Action: "
                                + (effect == null ? "" : effect.name().toUpperCase(Locale.ROOT))
                        : "Permissions: " + permissions.size();
        return source.display()
                + " => "
                + destinationNamespace
                + "/"
                + destination
                + " (Precedence: "
                + precedence()
                + ", "
                + what
                + ")";
    }
}
