package io.weft.testkit.lab.mesh;

import io.weft.dataplane.telemetry.ExchangeLog;
import io.weft.dataplane.telemetry.ExchangeView;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last exchanges that the sidecars have logged, so that an answer can be told with what
 * they said about it. Thread-safe; a recording never waits for longer than a look-up takes.
 */
public final class ExchangeRecorder {

    /** How long a log may lag behind the answer. */
    public static final Duration LAG = Duration.ofMillis(300);

    private static final int KEPT = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Deque<SeenExchange> newestFirst = new ArrayDeque<>(KEPT + 1);
    private final AtomicLong sequence = new AtomicLong();

    /** The log of one proxy. */
    ExchangeLog logOf(String proxy) {
        return new ExchangeLog() {
            @Override
            public void finished(ExchangeView exchange) {
                add(SeenExchange.of(sequence.incrementAndGet(), proxy, exchange));
            }

            @Override
            public void opened(ExchangeView connection) {
                // its end says all
            }
        };
    }

    private void add(SeenExchange exchange) {
        lock.lock();
        try {
            newestFirst.addFirst(exchange);
            if (newestFirst.size() > KEPT) {
                newestFirst.removeLast();
            }
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A mark: what is recorded from now on comes after it. */
    public long mark() {
        return sequence.get();
    }

    /** The newest after a mark that matches; waits for it for a while, then null. */
    public @Nullable SeenExchange await(
            long mark, Predicate<SeenExchange> wanted, Duration patience) {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (true) {
                SeenExchange found = find(mark, wanted);
                if (found != null || left <= 0) {
                    return found;
                }
                left = added.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable SeenExchange find(long mark, Predicate<SeenExchange> wanted) {
        for (SeenExchange exchange : newestFirst) {
            if (exchange.sequence() > mark && wanted.test(exchange)) {
                return exchange;
            }
        }
        return null;
    }
}
