package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.model.catalog.Registration;
import io.weft.policy.source.PolicyBundle;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The analysis of what is in force, made when somebody asks and kept until something changes. For
 * one thread, that which compiles, unless a method says otherwise.
 */
final class AnalysisCache {

    /**
     * What an analysis is of.
     *
     * @param revision another one may have another outcome
     */
    record Subject(long revision, PolicyBundle bundle, Collection<Registration> running) {}

    private final BundleCompiler compiler;
    private final Predicate<String> credentials;
    private final AtomicInteger outdated = new AtomicInteger();
    private int foundAfter;
    private long revision = -1;
    private @Nullable List<Diagnostic> found;

    /**
     * @param credentials whether there is one of this {@code namespace/name}
     */
    AnalysisCache(BundleCompiler compiler, Predicate<String> credentials) {
        this.compiler = compiler;
        this.credentials = credentials;
    }

    /** Credentials have come or gone. May be called by any thread. */
    void outdated() {
        outdated.incrementAndGet();
    }

    /** Nothing is found in nothing. */
    List<Diagnostic> of(@Nullable Subject subject) {
        if (subject == null) {
            return List.of();
        }
        List<Diagnostic> kept = found;
        int changes = outdated.get();
        if (kept == null || revision != subject.revision() || foundAfter != changes) {
            kept = compiler.analyze(subject.bundle(), subject.running(), credentials);
            found = kept;
            foundAfter = changes;
            revision = subject.revision();
        }
        return kept;
    }
}
