package io.weft.policy.kubernetes;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many changes, one reaction a little later, on a thread of its own. Thread-safe. */
final class Gathering implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ScheduledExecutorService thread;
    private final Runnable reaction;
    private final AtomicBoolean due = new AtomicBoolean();

    Gathering(String name, Runnable reaction) {
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(name).daemon().factory());
        this.reaction = reaction;
    }

    /** Something has changed. */
    void changed() {
        if (due.compareAndSet(false, true)) {
            try {
                thread.schedule(this::react, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                // nobody wants to know any more
            }
        }
    }

    private void react() {
        due.set(false);
        reaction.run();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
