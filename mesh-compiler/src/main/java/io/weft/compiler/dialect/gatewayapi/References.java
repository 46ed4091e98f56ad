package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.catalog.ServiceCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether routes may refer to their backends, and whether those exist. */
record References(ReferenceGrants grants) {

    private static final String TYPE = "ResolvedRefs";

    /** What is wrong with a reference, whatever the catalogue holds. */
    Optional<Flaw> check(RouteSpec route, ObjectRef ref) {
        if (!ref.isService()) {
            return Optional.of(
                    new Flaw(
                            TYPE,
                            "InvalidKind",
                            ref.describe() + " is no Service (group '" + ref.group() + "')"));
        }
        if (!grants.permit(route.kind().title(), route.namespace(), ref)) {
            return Optional.of(
                    new Flaw(
                            TYPE,
                            "RefNotPermitted",
                            "no ReferenceGrant in "
                                    + ref.namespace()
                                    + " lets "
                                    + route.kind().title()
                                    + "s of "
                                    + route.namespace()
                                    + " refer to "
                                    + ref.describe()));
        }
        return Optional.empty();
    }

    /** The first thing that is wrong with a route's references. */
    Optional<Flaw> check(RouteSpec route, ServiceCatalog catalog) {
        List<ObjectRef> refs = references(route);
        return refs.stream()
                .map(ref -> check(route, ref))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() ->
                        refs.stream()
                                .filter(ref -> !exists(ref, catalog))
                                .map(ref ->
                                        new Flaw(
                                                TYPE,
                                                "BackendNotFound",
                                                ref.describe() + " does not exist"))
                                .findFirst());
    }

    private static boolean exists(ObjectRef ref, ServiceCatalog catalog) {
        return catalog.byHost(ref.host()).flatMap(s -> s.port(ref.port())).isPresent();
    }

    /** Everything that a route forwards or mirrors to. */
    static List<ObjectRef> references(RouteSpec route) {
        List<ObjectRef> refs = new ArrayList<>();
        for (RuleSpec rule : route.rules()) {
            mirrors(rule.filters(), refs);
            for (BackendSpec backend : rule.backends()) {
                refs.add(backend.ref());
                mirrors(backend.filters(), refs);
            }
        }
        return refs;
    }

    private static void mirrors(List<FilterSpec> filters, List<ObjectRef> refs) {
        for (FilterSpec filter : filters) {
            if (filter instanceof FilterSpec.Mirror mirror) {
                refs.add(mirror.backend());
            }
        }
    }
}
