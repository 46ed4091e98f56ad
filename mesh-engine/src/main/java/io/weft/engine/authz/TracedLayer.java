package io.weft.engine.authz;

import io.weft.model.authz.AuthzLayer;
import java.util.List;

/**
 * What each step of a layer says about a request.
 *
 * @param decided whether a step decided; else the layer's {@code otherwise} does
 */
public record TracedLayer(AuthzLayer layer, List<TracedStep> steps, boolean decided) {

    public TracedLayer {
        steps = List.copyOf(steps);
    }
}
