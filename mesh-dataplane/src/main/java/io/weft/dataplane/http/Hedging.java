package io.weft.dataplane.http;

import io.netty.channel.EventLoop;
import io.weft.engine.balance.Outcome;
import io.weft.model.route.Filter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that are under way beside the newest one, for requests that are sent to several
 * endpoints when the first are slow. Used on its event loop only.
 */
final class Hedging {

    private static final int SERVER_ERROR = 500;

    private final Filter.Hedge policy;
    private final EventLoop loop;
    private final Runnable next;

    /** The oldest last: it is the likeliest to answer. */
    private final Deque<Attempt> older = new ArrayDeque<>();

    private int begun;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * @param next sends once more, if that may be
     */
    Hedging(Filter.Hedge policy, EventLoop loop, Runnable next) {
        this.policy = policy;
        this.loop = loop;
        this.next = next;
    }

    /** An attempt has begun; another follows when it takes too long. */
    void begun() {
        begun++;
        stopTimer();
        if (begun < policy.maxAttempts()) {
            timer = loop.schedule(next, policy.delay().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The attempt goes on while a newer one is made. */
    void keep(Attempt attempt) {
        older.addFirst(attempt);
    }

    /** Whether the end of one attempt leaves another. */
    boolean hasOthers() {
        return !older.isEmpty();
    }

    /** Whether an answer is to be waited for elsewhere. */
    static boolean isBad(int status) {
        return status >= SERVER_ERROR;
    }

    /**
     * Gives one attempt up for the others.
     *
     * @return who is the newest now
     */
    Attempt without(Attempt lost, Attempt newest) {
        return older.remove(lost) ? newest : older.removeLast();
    }

    /** The winner goes on alone. */
    void win(Attempt winner, @Nullable Attempt newest) {
        stopTimer();
        if (newest != null && newest != winner) {
            newest.end(Outcome.CANCELLED);
        }
        for (Attempt attempt : older) {
            if (attempt != winner) {
                attempt.end(Outcome.CANCELLED);
            }
        }
        older.clear();
    }

    /** Nothing is waited for any more. */
    void stop() {
        stopTimer();
        older.forEach(attempt -> attempt.end(Outcome.CANCELLED));
        older.clear();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
