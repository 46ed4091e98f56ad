package io.weft.compiler.dialect.gatewayapi;

import io.weft.model.Origin;
import java.util.List;

/**
 * A route of any kind.
 *
 * @param created {@code metadata.creationTimestamp}, empty where it is not written
 * @param hostnames empty for every name
 * @param rules one at least, unless the route is broken
 */
record RouteSpec(
        RouteKind kind,
        String namespace,
        String name,
        String created,
        long generation,
        List<ParentRef> parents,
        List<String> hostnames,
        List<RuleSpec> rules,
        Origin origin) {

    RouteSpec {
        parents = List.copyOf(parents);
        hostnames = List.copyOf(hostnames);
        rules = List.copyOf(rules);
    }

    String id() {
        return namespace + "/" + name;
    }
}
