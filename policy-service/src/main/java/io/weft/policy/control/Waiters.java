package io.weft.policy.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who waits for a revision to be answered by every connected sidecar. For the control thread. */
final class Waiters {

    private final SessionTable sessions;
    private final ControlMetrics metrics;
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable Session missing;
    private long publishedRevision;
    private long publishedAt;

    Waiters(SessionTable sessions, ControlMetrics metrics) {
        this.sessions = sessions;
        this.metrics = metrics;
    }

    void add(long revision, CompletableFuture<Void> whenAnswered) {
        waiting.add(new Waiting(revision, whenAnswered));
        check();
    }

    /** A commit has come into force: how long until all have it is measured. */
    void published(long revision) {
        publishedRevision = revision;
        publishedAt = System.nanoTime();
    }

    /** Something was answered, or someone has left. */
    void check() {
        if (publishedRevision > 0 && allAnswered(publishedRevision)) {
            metrics.converged(Duration.ofNanos(System.nanoTime() - publishedAt));
            publishedRevision = 0;
        }
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting one = each.next();
            if (one.whenAnswered().isDone()) {
                each.remove();
            } else if (allAnswered(one.revision())) {
                each.remove();
                one.whenAnswered().complete(null);
            }
        }
    }

    private boolean allAnswered(long revision) {
        // Each answer asks this: as long as one is known who is missing, the others need no look.
        if (isMissing(missing, revision)) {
            return false;
        }
        missing = null;
        for (Session session : sessions.all()) {
            if (isMissing(session, revision)) {
                missing = session;
                return false;
            }
        }
        return true;
    }

    private static boolean isMissing(@Nullable Session session, long revision) {
        return session != null && session.isConnected() && !session.hasAnswered(revision);
    }

    private record Waiting(long revision, CompletableFuture<Void> whenAnswered) {}
}
