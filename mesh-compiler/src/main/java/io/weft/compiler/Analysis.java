package io.weft.compiler;

import io.weft.compiler.diagnostic.Diagnostic;
import java.util.List;

/**
 * What an analysis found.
 *
 * @param policies the configuration itself; whether it must be refused is its {@link
 *     CompiledPolicies#hasErrors()} alone
 * @param diagnostics what compiling found and what looking at everything together found, by file
 *     and line
 */
public record Analysis(CompiledPolicies policies, List<Diagnostic> diagnostics) {

    public Analysis {
        diagnostics = List.copyOf(diagnostics);
    }
}
