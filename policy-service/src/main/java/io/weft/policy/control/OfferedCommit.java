package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.policy.source.PolicyBundle;
import java.util.List;

/**
 * A commit that the source has offered since the start, with all that was said of it.
 *
 * @param number counts them; unique, where a commit may be offered again
 */
public record OfferedCommit(
        long number,
        ControlStatus.CommitRecord record,
        PolicyBundle bundle,
        List<Diagnostic> diagnostics) {

    public OfferedCommit {
        diagnostics = List.copyOf(diagnostics);
    }
}
