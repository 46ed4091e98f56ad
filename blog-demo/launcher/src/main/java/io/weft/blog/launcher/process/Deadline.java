package io.weft.blog.launcher.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waiting for something to become true by asking again, never longer than until a moment. */
public final class Deadline {

    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    /** A deadline so far from now. */
    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    public boolean passed() {
        return System.nanoTime() - end >= 0;
    }

    /** What is left, zero when it has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    /**
     * Asks until the answer is not null and does not fail.
     *
     * @return the answer, or null when the time is up
     */
    public <T> @Nullable T await(Callable<@Nullable T> question) throws InterruptedException {
        long pause = FIRST_PAUSE;
        while (true) {
            @Nullable T answer = ask(question);
            if (answer != null || passed()) {
                return answer;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(pause, left().toNanos()));
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    /** As {@link #await}, for a question with yes or no; whether it became true in time. */
    public boolean awaitTrue(Callable<Boolean> question) throws InterruptedException {
        return await(() -> question.call() ? Boolean.TRUE : null) != null;
    }

    private static <T> @Nullable T ask(Callable<@Nullable T> question) throws InterruptedException {
        try {
            return question.call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return null; // not yet: the thing asked may still be starting
        }
    }
}
