package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The control plane as a whole.
 *
 * @param revision empty while nothing is in force
 * @param inForce null while nothing is in force
 * @param diagnostics warnings and remarks about what is in force
 * @param refused the newest commit when it was refused, else null
 */
public record ControlStatus(
        String revision,
        @Nullable CommitInfo inForce,
        @Nullable Instant since,
        List<Diagnostic> diagnostics,
        @Nullable RefusedCommit refused,
        List<CommitRecord> history,
        int instances,
        int connected,
        int inSync) {

    public ControlStatus {
        diagnostics = List.copyOf(diagnostics);
        history = List.copyOf(history);
    }

    /**
     * A commit that was offered, newest first.
     *
     * @param policyTests how many were run: none where something does not compile
     */
    public record CommitRecord(
            CommitInfo commit,
            Instant at,
            boolean accepted,
            int errors,
            int warnings,
            int policyTests,
            int failedPolicyTests) {}
}
