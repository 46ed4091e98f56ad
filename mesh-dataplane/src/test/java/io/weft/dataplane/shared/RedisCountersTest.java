package io.weft.dataplane.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.dataplane.testing.Await;
import io.weft.engine.AdjustableClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Redis, where the machine has one. */
class RedisCountersTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir Path directory;

    private final AdjustableClock clock = AdjustableClock.running();
    private int port;
    private String binary = "";
    private Process redis;
    private SharedCounters first;
    private SharedCounters second;

    @BeforeEach
    void start() throws Exception {
        binary =
                Stream.of("/usr/bin/redis-server", "/usr/local/bin/redis-server")
                        .filter(path -> Files.isExecutable(Path.of(path)))
                        .findFirst()
                        .orElse("");
        assumeTrue(!binary.isEmpty(), "no redis-server on this machine");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        run();
        String url = "redis://127.0.0.1:" + port;
        first = RedisCounters.of(url, Duration.ofSeconds(2), clock);
        second = RedisCounters.of(url, Duration.ofSeconds(2), clock);
    }

    private void run() throws IOException {
        redis =
                new ProcessBuilder(
                                List.of(
                                        binary,
                                        "--port",
                                        String.valueOf(port),
                                        "--bind",
                                        "127.0.0.1",
                                        "--save",
                                        "",
                                        "--dir",
                                        directory.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("redis.log").toFile())
                        .start();
        Await.until("Redis answers", this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (redis != null) {
            first.close();
            second.close();
            redis.destroy();
            redis.waitFor(5, TimeUnit.SECONDS);
        }
    }

    private static SharedCounters.Taken take(SharedCounters from, String key, int burst)
            throws Exception {
        return from.take(key, 60, MINUTE, burst).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void twoProxiesShareOneBucket() throws Exception {
        assertThat(take(first, "a", 3).remaining()).isEqualTo(2);
        assertThat(take(second, "a", 3).remaining()).isEqualTo(1);
        assertThat(take(first, "a", 3).granted()).isTrue();
        SharedCounters.Taken over = take(second, "a", 3);
        assertThat(over.granted()).isFalse();
        assertThat(over.untilNext()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
        assertThat(over.untilFull()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(take(second, "b", 3).granted()).isTrue();
    }

    @Test
    void aRedisThatGoesAwayFailsQuestionsAndIsFoundAgain() throws Exception {
        assertThat(take(first, "a", 3).granted()).isTrue();
        redis.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 50; i++) {
                                take(first, "a", 3);
                            }
                        })
                .isInstanceOf(ExecutionException.class);
        run();
        clock.advance(Duration.ofSeconds(2));
        Await.until(
                "it is found again",
                () -> {
                    clock.advance(Duration.ofSeconds(2));
                    try {
                        return take(first, "a", 3).granted();
                    } catch (ExecutionException e) {
                        return false;
                    }
                });
    }
}
