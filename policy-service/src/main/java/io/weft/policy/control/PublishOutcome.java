package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import java.util.List;

/**
 * What became of a bundle.
 *
 * @param accepted false: it has errors, and what was in force before stays so
 * @param revision the revision in force afterwards, empty when there is none
 */
public record PublishOutcome(boolean accepted, String revision, List<Diagnostic> diagnostics) {
    public PublishOutcome {
        diagnostics = List.copyOf(diagnostics);
    }
}
