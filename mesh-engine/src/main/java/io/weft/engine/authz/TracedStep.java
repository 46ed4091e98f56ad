package io.weft.engine.authz;

import io.weft.model.authz.AuthzStep;

/**
 * What one step says about a request.
 *
 * @param decides whether it is the first that matches and decides its layer
 */
public record TracedStep(AuthzStep step, boolean matched, boolean decides) {}
