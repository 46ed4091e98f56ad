package io.weft.dataplane.shared;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.weft.engine.MeshClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets in Redis, each one key that holds the moment at which it would be full again (the
 * generic cell rate algorithm), kept by Redis' own clock and gone when it is full. A Redis that is
 * away fails questions at once and is looked for again once a second.
 */
public final class RedisCounters implements SharedCounters {

    /** KEYS: the bucket; ARGV: microseconds a token, microseconds that it holds. */
    private static final String TAKE =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local token = tonumber(ARGV[1])
            local capacity = tonumber(ARGV[2])
            local full = tonumber(redis.call('GET', KEYS[1]) or now)
            if full < now then full = now end
            local after = full + token
            if after - now > capacity then
              return {0, 0, after - now - capacity, full - now}
            end
            redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1)
            return {1, math.floor((capacity - (after - now)) / token), 0, after - now}
            """;

    private static final String PREFIX = "weft:rl:";
    private static final long MICROS = 1_000;
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final RedisClient client;
    private final RedisURI uri;
    private final MeshClock clock;
    private final Object lock = new Object();
    private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connection;
    private long notBefore;

    private RedisCounters(RedisClient client, RedisURI uri, MeshClock clock) {
        this.client = client;
        this.uri = uri;
        this.clock = clock;
        this.notBefore = clock.nanoTime();
    }

    /**
     * Makes a client, which connects when it is first asked.
     *
     * @param url {@code redis://…} or {@code rediss://…}, in Lettuce's syntax
     * @param patience how long an answer may take
     */
    public static RedisCounters of(String url, Duration patience, MeshClock clock) {
        RedisURI uri = RedisURI.create(url);
        RedisClient client = RedisClient.create(uri);
        client.setOptions(
                ClientOptions.builder()
                        .autoReconnect(false)
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .socketOptions(SocketOptions.builder().connectTimeout(patience).build())
                        .timeoutOptions(TimeoutOptions.enabled(patience))
                        .build());
        return new RedisCounters(client, uri, clock);
    }

    @Override
    public CompletionStage<Taken> take(String key, int requests, Duration per, int burst) {
        double token = Math.max(1, (double) per.toNanos() / MICROS / requests);
        String capacity = String.format("%.0f", token * burst);
        return connection()
                .thenCompose(open ->
                        open.async()
                                .<List<Long>>eval(
                                        TAKE,
                                        ScriptOutputType.MULTI,
                                        new String[] {PREFIX + key},
                                        String.format("%.0f", token),
                                        capacity))
                .thenApply(RedisCounters::taken);
    }

    private static Taken taken(List<Long> answer) {
        return new Taken(
                answer.get(0) == 1,
                answer.get(1),
                Duration.ofNanos(answer.get(2) * MICROS),
                Duration.ofNanos(answer.get(3) * MICROS));
    }

    private CompletableFuture<StatefulRedisConnection<String, String>> connection() {
        synchronized (lock) {
            CompletableFuture<StatefulRedisConnection<String, String>> now = connection;
            if (now != null && isUsable(now)) {
                return now;
            }
            long time = clock.nanoTime();
            if (time - notBefore < 0) {
                return CompletableFuture.failedFuture(
                        new IOException("Redis at " + uri.getHost() + " is away"));
            }
            notBefore = time + AGAIN.toNanos();
            CompletableFuture<StatefulRedisConnection<String, String>> made =
                    client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
            connection = made;
            return made;
        }
    }

    /** On its way, or open. */
    private static boolean isUsable(
            CompletableFuture<StatefulRedisConnection<String, String>> connecting) {
        return !connecting.isDone()
                || !connecting.isCompletedExceptionally() && connecting.join().isOpen();
    }

    @Override
    public void close() {
        client.shutdownAsync();
    }
}
