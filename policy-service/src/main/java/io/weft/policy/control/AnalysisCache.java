package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.catalog.Registration;
import io.weft.policy.source.PolicyBundle;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The analysis of what is in force, made when somebody asks and kept until something changes. For
 * one thread, that which compiles.
 */
final class AnalysisCache {

    /**
     * What an analysis is of.
     *
     * @param revision another one may have another outcome
     */
    record Subject(long revision, PolicyBundle bundle, Collection<Registration> running) {}

    private final BundleCompiler compiler;
    private long revision = -1;
    private @Nullable List<Diagnostic> found;

    AnalysisCache(BundleCompiler compiler) {
        this.compiler = compiler;
    }

    /** Nothing is found in nothing. */
    List<Diagnostic> of(@Nullable Subject subject) {
        if (subject == null) {
            return List.of();
        }
        List<Diagnostic> kept = found;
        if (kept == null || revision != subject.revision()) {
            kept = compiler.analyze(subject.bundle(), subject.running());
            found = kept;
            revision = subject.revision();
        }
        return kept;
    }
}
