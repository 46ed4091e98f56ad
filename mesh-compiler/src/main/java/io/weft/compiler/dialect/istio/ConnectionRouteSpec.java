package io.weft.compiler.dialect.istio;

import io.weft.compiler.dialect.Target;
import io.weft.model.Origin;
import java.util.List;

/** A {@code tcp} or {@code tls} route of a VirtualService. */
record ConnectionRouteSpec(
        String name,
        boolean tls,
        List<HttpMatchSpec> matches,
        List<Target> targets,
        Origin origin) {

    ConnectionRouteSpec {
        matches = List.copyOf(matches);
        targets = List.copyOf(targets);
    }
}
