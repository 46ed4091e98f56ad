package io.weft.config;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jgit.lib.ObjectId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the head of the repository with one thread, so that however many ask, one fetch is made
 * for all. A commit becomes the head only when its bundle could be read as a whole; until then, and
 * while the Git server is away, the last good one stays.
 */
final class RepositoryTracker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RepositoryTracker.class);

    private static final Duration LOCAL_POLL = Duration.ofMillis(100);
    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration MIN_LONGEST_RETRY = Duration.ofSeconds(5);

    private final GitSource source;
    private final BundleReader reader;
    private final HeadSignal signal;
    private final Duration pollInterval;
    private final InstantSource clock;
    private final AtomicLong fetches = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Condition done = lock.newCondition();
    private long requested;
    private long completed;
    private boolean closed;

    private volatile RepositoryState state = RepositoryState.UNKNOWN;
    private @Nullable Thread thread;

    RepositoryTracker(
            GitSource source, HeadSignal signal, Duration pollInterval, InstantSource clock) {
        this.source = source;
        this.reader = new BundleReader(source.repository());
        this.signal = signal;
        this.clock = clock;
        boolean local = source.cheap() && pollInterval.compareTo(LOCAL_POLL) > 0;
        this.pollInterval = local ? LOCAL_POLL : pollInterval;
    }

    /**
     * Starts following; a local repository is read before this returns, a remote one is waited for
     * by nobody.
     */
    void start() {
        if (source.cheap()) {
            attempt();
        } else {
            serveLastKnown();
        }
        thread = Thread.ofVirtual().name("weft-git").start(this::run);
    }

    RepositoryState state() {
        return state;
    }

    long fetches() {
        return fetches.get();
    }

    long failures() {
        return failures.get();
    }

    /**
     * Has the repository read now, and waits for it. Callers that come while one reading is under
     * way share the next.
     *
     * @return the state after a reading that began after this call; the present one when the time
     *     is over
     */
    RepositoryState refreshNow(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long ticket = ++requested;
            asked.signal();
            long nanos = atMost.toNanos();
            while (completed < ticket && !closed && nanos > 0) {
                nanos = done.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
        return state;
    }

    private void run() {
        int failed = state.error() == null ? 0 : 1;
        if (source.cheap() && !awaitNext(delay(failed))) {
            return;
        }
        do {
            long ticket = ticket();
            failed = attempt() ? 0 : failed + 1;
            complete(ticket);
        } while (awaitNext(delay(failed)));
    }

    private Duration delay(int failed) {
        if (failed == 0 || source.cheap()) {
            return pollInterval;
        }
        Duration longest =
                pollInterval.compareTo(MIN_LONGEST_RETRY) > 0 ? pollInterval : MIN_LONGEST_RETRY;
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failed - 1, 16));
        return delay.compareTo(longest) < 0 ? delay : longest;
    }

    /** True when the repository could be read. */
    private boolean attempt() {
        fetches.incrementAndGet();
        try {
            publish(source.refresh());
            return true;
        } catch (IOException | RuntimeException e) {
            failures.incrementAndGet();
            fail(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void publish(@Nullable ObjectId commit) throws IOException {
        RepositoryState before = state;
        Bundle head = before.head();
        if (commit == null) {
            if (head != null) {
                throw new IOException("the repository has no commit any more; the last one stays");
            }
        } else if (head == null || !head.commit().equals(commit.name())) {
            head = reader.read(commit);
        }
        state = new RepositoryState(head, clock.instant(), null);
        if (before.error() != null) {
            log.info("The repository can be read again");
        }
        if (head != null && head != before.head()) {
            log.info(
                    "Serving commit {} ({} policy files, {} skipped): {}",
                    head.shortCommit(),
                    head.files().size(),
                    head.skipped().size(),
                    printable(head.message()));
            signal.move(head.commit());
            Thread.ofVirtual().name("weft-git-status").start(this::warnWhenDirty);
        }
    }

    private void fail(String error) {
        RepositoryState before = state;
        state = new RepositoryState(before.head(), before.lastSuccess(), printable(error));
        if (!Objects.equals(before.error(), state.error())) {
            log.warn("The repository cannot be read: {}", state.error());
        }
    }

    private void serveLastKnown() {
        try {
            ObjectId commit = source.lastKnown();
            if (commit != null) {
                Bundle head = reader.read(commit);
                state = new RepositoryState(head, null, "not yet fetched since the start");
                signal.move(head.commit());
            }
        } catch (IOException e) {
            log.warn("What the last run has left cannot be read: {}", e.getMessage());
        }
    }

    private void warnWhenDirty() {
        try {
            if (source.dirty()) {
                log.warn(
                        "The work tree of the repository has changes that are not committed: they are not"
                                + " served; commit them to bring them into force");
            }
        } catch (IOException | RuntimeException e) {
            log.debug("The state of the work tree cannot be told", e);
        }
    }

    /**
     * Commit messages and servers' errors come from outside: no line of theirs may look like one of
     * ours.
     */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    private long ticket() {
        lock.lock();
        try {
            return requested;
        } finally {
            lock.unlock();
        }
    }

    private void complete(long ticket) {
        lock.lock();
        try {
            completed = ticket;
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the next reading is due or asked for; false when the service ends. */
    private boolean awaitNext(Duration delay) {
        lock.lock();
        try {
            long nanos = delay.toNanos();
            while (!closed && requested == completed && nanos > 0) {
                nanos = asked.awaitNanos(nanos);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            asked.signalAll();
            done.signalAll();
        } finally {
            lock.unlock();
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt(); // A Git server that hangs must not hold up the shutdown.
            try {
                running.join(TimeUnit.SECONDS.toMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
