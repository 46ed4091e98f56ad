package io.weft.compiler.dialect.gatewayapi;

import io.weft.compiler.yaml.Field;
import java.util.ArrayList;
import java.util.List;

/** All ReferenceGrants: which kinds of other namespaces may refer to what is here. */
final class ReferenceGrants {

    private record From(String group, String kind, String namespace) {}

    private record To(String group, String kind, String name) {}

    private record Grant(String namespace, List<From> from, List<To> to) {}

    private final List<Grant> grants = new ArrayList<>();

    void add(Field root) {
        Field spec = root.get("spec");
        List<From> from = new ArrayList<>();
        for (Field item : spec.get("from").items()) {
            from.add(
                    new From(
                            item.get("group").text(""),
                            item.get("kind").required(),
                            item.get("namespace").required()));
        }
        List<To> to = new ArrayList<>();
        for (Field item : spec.get("to").items()) {
            to.add(
                    new To(
                            item.get("group").text(""),
                            item.get("kind").required(),
                            item.get("name").text("")));
        }
        if (from.isEmpty()) {
            spec.get("from").reportMissing();
        }
        if (to.isEmpty()) {
            spec.get("to").reportMissing();
        }
        grants.add(new Grant(root.resource().namespace(), from, to));
    }

    /** Whether a resource of the API's own kinds may refer to the object. */
    boolean permit(String fromKind, String fromNamespace, ObjectRef to) {
        return fromNamespace.equals(to.namespace())
                || grants.stream()
                        .filter(grant -> grant.namespace().equals(to.namespace()))
                        .anyMatch(grant -> grants(grant, fromKind, fromNamespace, to));
    }

    private static boolean grants(
            Grant grant, String fromKind, String fromNamespace, ObjectRef to) {
        boolean from =
                grant.from().contains(new From(GatewayApiDialect.GROUP, fromKind, fromNamespace));
        return from
                && grant.to().stream()
                        .anyMatch(t ->
                                t.group().equals(to.group())
                                        && t.kind().equals(to.kind())
                                        && (t.name().isEmpty() || t.name().equals(to.name())));
    }
}
