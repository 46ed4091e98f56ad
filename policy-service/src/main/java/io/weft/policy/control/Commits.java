package io.weft.policy.control;

import io.weft.compiler.diagnostic.Diagnostic;
import io.weft.policy.source.PolicyBundle;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is in force, what was refused, and what came before. For the control thread. */
final class Commits {

    private static final int HISTORY = 50;

    private @Nullable InForce inForce;
    private List<Diagnostic> diagnostics = List.of();
    private @Nullable RefusedCommit refused;
    private BundleCompiler.@Nullable Compiled refusedBundle;
    private final Deque<OfferedCommit> history = new ArrayDeque<>();
    private long offered;

    @Nullable InForce inForce() {
        return inForce;
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    @Nullable RefusedCommit refused() {
        return refused;
    }

    List<ControlStatus.CommitRecord> history() {
        return history.stream().map(OfferedCommit::record).toList();
    }

    /** The newest first. */
    List<OfferedCommit> offered() {
        return List.copyOf(history);
    }

    /** Whether this very bundle is what is in force, and nothing newer was refused since. */
    boolean isInForce(BundleCompiler.Compiled compiled) {
        return inForce != null && inForce.bundle().equals(compiled.bundle());
    }

    boolean isRefusedAlready(BundleCompiler.Compiled compiled) {
        return refusedBundle != null && refusedBundle.bundle().equals(compiled.bundle());
    }

    void accept(BundleCompiler.Compiled compiled, long revision, Instant now) {
        inForce = new InForce(compiled.bundle(), compiled.policies(), revision, now);
        diagnostics = compiled.diagnostics();
        noLongerRefused();
        record(compiled, now, true);
    }

    void refuse(BundleCompiler.Compiled compiled, Instant now) {
        refused = new RefusedCommit(CommitInfo.of(compiled.bundle()), now, compiled.diagnostics());
        refusedBundle = compiled;
        record(compiled, now, false);
    }

    /** The source has gone back to what is in force. */
    void noLongerRefused() {
        refused = null;
        refusedBundle = null;
    }

    private void record(BundleCompiler.Compiled compiled, Instant now, boolean accepted) {
        OfferedCommit last = history.peekFirst();
        PolicyBundle bundle = compiled.bundle();
        history.addFirst(
                new OfferedCommit(
                        ++offered,
                        new ControlStatus.CommitRecord(
                                CommitInfo.of(bundle),
                                now,
                                accepted,
                                compiled.errors(),
                                compiled.warnings(),
                                compiled.tests().results().size(),
                                compiled.tests().failures().size()),
                        last == null ? bundle : bundle.sharing(last.bundle()),
                        compiled.diagnostics()));
        if (history.size() > HISTORY) {
            history.removeLast();
        }
    }
}
