package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import java.time.Instant;
import java.util.List;

/** The newest commit, when it was refused; what was in force before stays so. */
public record RefusedCommit(CommitInfo commit, Instant at, List<Diagnostic> diagnostics) {
    public RefusedCommit {
        diagnostics = List.copyOf(diagnostics);
    }
}
