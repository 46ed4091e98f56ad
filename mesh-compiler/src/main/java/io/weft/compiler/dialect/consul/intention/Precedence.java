package io.weft.compiler.dialect.consul.intention;

import io.weft.model.authz.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of several intentions holds, and what remains of them. */
public final class Precedence {

    /**
     * Highest precedence first. Of equal ones this mesh comes before peers, and they before groups;
     * then by name, so that the order never depends on the files.
     */
    public static final Comparator<Intention> ORDER =
            Comparator.comparingInt(Intention::precedence)
                    .reversed()
                    .thenComparing(i -> i.source().samenessGroup())
                    .thenComparing(i -> i.source().peer())
                    .thenComparing(i -> i.source().namespace())
                    .thenComparing(i -> i.source().name())
                    .thenComparing(Intention::destinationNamespace)
                    .thenComparing(Intention::destination);

    private Precedence() {}

    /**
     * What an intention adds to the default.
     *
     * @param except sources for which an intention of higher precedence holds
     * @param permissions those that say something else than the default
     */
    public record Retained(Intention intention, List<Source> except, List<Permission> permissions) {
        public Retained {
            except = List.copyOf(except);
            permissions = List.copyOf(permissions);
        }
    }

    /** For one source only the first intention holds; the list must be in order. */
    public static List<Intention> withoutSameSource(List<Intention> ordered) {
        Set<Source> seen = new HashSet<>();
        return ordered.stream().filter(intention -> seen.add(intention.source())).toList();
    }

    /** What remains where precedence and default are taken out; the list must be in order. */
    public static List<Retained> retained(List<Intention> ordered, Effect byDefault) {
        List<Intention> single = withoutSameSource(ordered);
        List<Retained> retained = new ArrayList<>();
        for (int i = 0; i < single.size(); i++) {
            Intention intention = single.get(i);
            List<Permission> deciding = deciding(intention.permissions(), byDefault);
            boolean asDefault =
                    intention.token() == null
                            && (intention.permissions().isEmpty()
                                    ? intention.effect() == byDefault
                                    : deciding.isEmpty());
            if (!asDefault) {
                List<Source> except = new ArrayList<>();
                for (Intention higher : single.subList(0, i)) {
                    if (higher.source().isMoreSpecificThan(intention.source())) {
                        except.add(higher.source());
                    }
                }
                retained.add(new Retained(intention, simplified(except), deciding));
            }
        }
        return retained;
    }

    /** Permissions like the default are not told, though they keep later ones from requests. */
    private static List<Permission> deciding(List<Permission> permissions, Effect byDefault) {
        return permissions.stream().filter(permission -> permission.effect() != byDefault).toList();
    }

    /** A wildcard swallows the names that it covers. */
    public static List<Source> simplified(List<Source> sources) {
        return sources.stream()
                .filter(source -> sources.stream().noneMatch(source::isMoreSpecificThan))
                .toList();
    }
}
