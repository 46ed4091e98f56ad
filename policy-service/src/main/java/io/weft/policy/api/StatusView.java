package io.weft.policy.api;

import io.weft.policy.control.CommitInfo;
import io.weft.policy.jwks.JwksStatus;
import io.weft.policy.source.SourceStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/status}.
 *
 * @param instance which replica answers
 * @param inForce null while nothing is in force
 * @param refused null when the newest commit is in force
 */
record StatusView(
        String revision,
        @Nullable CommitInfo inForce,
        @Nullable Instant since,
        int warnings,
        @Nullable RefusedView refused,
        int instances,
        int connected,
        int inSync,
        SourceStatus source,
        AuthorityView authority,
        List<JwksStatus> keySets,
        PortsView ports,
        String instance) {

    /** The commit that was refused. */
    record RefusedView(CommitInfo commit, Instant at, List<DiagnosticView> diagnostics) {}

    /** The certificate authority. */
    record AuthorityView(String trustDomain, Instant expiresAt, long issued) {}

    /** Where workloads come in. */
    record PortsView(int join, int mesh) {}
}
