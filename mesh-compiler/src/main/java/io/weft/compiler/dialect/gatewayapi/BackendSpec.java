package io.weft.compiler.dialect.gatewayapi;

import java.util.List;

/** A share of a rule. */
record BackendSpec(ObjectRef ref, int weight, List<FilterSpec> filters) {

    BackendSpec {
        filters = List.copyOf(filters);
    }
}
