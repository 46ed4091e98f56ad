package io.weft.policy.control;

import io.weft.compiler.CompiledPolicies;
import io.weft.policy.source.PolicyBundle;
import java.time.Instant;

/**
 * The configuration that holds.
 *
 * @param revision with which it came into force
 */
record InForce(PolicyBundle bundle, CompiledPolicies policies, long revision, Instant since) {

    CommitInfo info() {
        return CommitInfo.of(bundle);
    }
}
