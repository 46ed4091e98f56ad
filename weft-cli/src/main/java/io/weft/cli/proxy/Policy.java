package io.weft.cli.proxy;

import io.weft.model.Origin;

/** An origin as istioctl writes policies: {@code name.namespace}. */
final class Policy {

    private Policy() {}

    /** The name where it is of the kind, the kind too where it is another, empty for defaults. */
    static String name(Origin origin, String kind) {
        if (origin.isBuiltIn()) {
            return "";
        }
        String name =
                origin.namespace().isEmpty()
                        ? origin.name()
                        : origin.name() + "." + origin.namespace();
        return origin.kind().equals(kind) ? name : origin.kind() + " " + name;
    }
}
