package io.weft.dataplane.shared;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Token buckets that several proxies share. Never blocks; thread-safe. */
public interface SharedCounters extends AutoCloseable {

    /**
     * What a bucket has said.
     *
     * @param granted whether a token was taken
     * @param untilNext when there will be one, zero when there is
     * @param untilFull when nothing will be missing
     */
    record Taken(boolean granted, long remaining, Duration untilNext, Duration untilFull) {}

    /**
     * Takes a token; fails soon where the bucket cannot be asked.
     *
     * @param requests tokens that are added in each {@code per}
     * @param burst how many it holds
     */
    CompletionStage<Taken> take(String key, int requests, Duration per, int burst);

    @Override
    void close();

    /** Where nothing is shared: every question fails. */
    static SharedCounters none() {
        return new SharedCounters() {
            @Override
            public CompletionStage<Taken> take(String key, int requests, Duration per, int burst) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("no Redis is configured (weft.mesh.redis-url)"));
            }

            @Override
            public void close() {}
        };
    }
}
