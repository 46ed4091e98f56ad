package io.weft.blog.launcher.load;

import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.HttpSession;
import io.weft.blog.launcher.net.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A few readers who never sleep: one thread a caller, each with a request now and then. */
public final class LoadGenerator implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong failures = new AtomicLong();

    /**
     * What one caller does, over and over.
     *
     * @param pause between two requests
     */
    public record Habit(Target target, List<HttpQuestion> questions, Duration pause) {
        public Habit {
            questions = List.copyOf(questions);
        }
    }

    /** Starts one thread for each habit. */
    public static LoadGenerator start(List<Habit> habits) {
        LoadGenerator generator = new LoadGenerator();
        habits.forEach(habit ->
                generator.threads.add(
                        Thread.ofVirtual().name("load").start(() -> generator.repeat(habit))));
        return generator;
    }

    /** Requests that got no answer at all. */
    public long failures() {
        return failures.get();
    }

    private void repeat(Habit habit) {
        try (HttpSession session = new HttpSession(habit.target(), TIMEOUT)) {
            int next = 0;
            while (!stop.await(habit.pause().toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    session.exchange(habit.questions().get(next++ % habit.questions().size()));
                } catch (IOException e) {
                    failures.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            failures.incrementAndGet();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
