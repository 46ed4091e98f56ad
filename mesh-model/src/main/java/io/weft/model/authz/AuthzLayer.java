package io.weft.model.authz;

import io.weft.model.Dialect;
import io.weft.model.Origin;
import java.util.List;

/**
 * The policies of one dialect for one port: the first deciding step decides, else {@code
 * otherwise}.
 *
 * @param otherwiseOrigin why {@code otherwise} is what it is
 */
public record AuthzLayer(
        Dialect dialect, List<AuthzStep> steps, Effect otherwise, Origin otherwiseOrigin) {

    public AuthzLayer {
        steps = List.copyOf(steps);
    }
}
