package io.weft.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows why a proxy did not start in one sentence instead of a stack trace. */
final class MeshStartFailureAnalyzer extends AbstractFailureAnalyzer<MeshStartException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MeshStartException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
    }
}
