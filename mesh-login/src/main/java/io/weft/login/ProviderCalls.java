package io.weft.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks a provider on threads that may block, a bounded number at a time. Its metadata is read when
 * it is first needed, so that a provider that is away keeps nobody from starting. Thread-safe.
 */
final class ProviderCalls {

    private static final int AT_ONCE = 64;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private final LoginSettings settings;
    private final InstantSource clock;
    private final ExecutorService threads;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final ReentrantLock discovering = new ReentrantLock();
    private volatile @Nullable Provider provider;
    private volatile Instant notBefore = Instant.EPOCH;

    ProviderCalls(LoginSettings settings, InstantSource clock, ExecutorService threads) {
        this.settings = settings;
        this.clock = clock;
        this.threads = threads;
    }

    <T> CompletableFuture<T> ask(Function<Provider, ? extends T> question) {
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException(AT_ONCE + " questions are under way"));
        }
        try {
            return CompletableFuture.<T>supplyAsync(() -> question.apply(provider()), threads)
                    .whenComplete((answer, failure) -> free.release());
        } catch (RejectedExecutionException e) {
            free.release();
            return CompletableFuture.failedFuture(e);
        }
    }

    private Provider provider() {
        Provider known = provider;
        if (known != null) {
            return known;
        }
        discovering.lock();
        try {
            known = provider;
            if (known == null) {
                if (clock.instant().isBefore(notBefore)) {
                    throw new IllegalStateException("its metadata could not be read just now");
                }
                notBefore = clock.instant().plus(AFTER_FAILURE);
                known = Provider.discover(settings, clock);
                provider = known;
            }
            return known;
        } finally {
            discovering.unlock();
        }
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
