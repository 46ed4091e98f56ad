package io.weft.policy.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weft.model.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that behaves as config-service does, and as it does when it is ill. */
@Timeout(60)
class ConfigServiceSourceTest {

    private static final String TOKEN = "a-token";

    private HttpServer server;
    private ConfigServiceSource source;
    private final BlockingQueue<PolicyBundle> offered = new LinkedBlockingQueue<>();
    private final BlockingQueue<OutputStream> watches = new LinkedBlockingQueue<>();
    private volatile String commit = "c1";
    private volatile boolean watchOffered = true;

    @BeforeEach
    void start() throws IOException {
        serve(0);
    }

    private void serve(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mesh/bundle", this::bundle);
        server.createContext("/mesh/watch", this::watch);
        server.start();
    }

    private void bundle(HttpExchange exchange) throws IOException {
        String current = commit;
        boolean allowed =
                ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!allowed) {
            exchange.sendResponseHeaders(401, -1);
        } else if (("\"" + current + "\"")
                .equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
        } else {
            byte[] body =
                    """
                    {"commit": "%s", "shortCommit": "%s", "author": "a", "message": "m",
                     "committedAt": "2026-11-22T12:00:00Z",
                     "files": [{"path": "mesh/a.yaml", "content": "# %s"}],
                     "skipped": [{"path": "mesh/b", "reason": "symbolic link"}]}
                    """
                            .formatted(current, current, current)
                            .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("ETag", "\"" + current + "\"");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void watch(HttpExchange exchange) throws IOException {
        if (!watchOffered) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        say(exchange.getResponseBody(), "{\"heartbeat\":true}");
        watches.add(exchange.getResponseBody());
    }

    private static void say(OutputStream watch, String line) throws IOException {
        watch.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        watch.flush();
    }

    private void read(String token, Duration silence) {
        source =
                new ConfigServiceSource(
                        new ConfigServiceSettings(
                                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                                new Secret(token),
                                Duration.ofMillis(50),
                                silence),
                        InstantSource.system());
        source.start(offered::add);
    }

    @AfterEach
    void stop() {
        source.close();
        server.stop(0);
    }

    private String next() throws InterruptedException {
        PolicyBundle bundle = offered.poll(10, TimeUnit.SECONDS);
        assertThat(bundle).as("a bundle").isNotNull();
        return bundle.commit();
    }

    private void awaitError(String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end && !source.status().error().contains(text)) {
            Thread.sleep(5);
        }
        assertThat(source.status().error()).contains(text);
    }

    @Test
    void readsTheBundleAndAgainWhenTheWatchTellsOfAnotherCommit() throws Exception {
        read(TOKEN, Duration.ofSeconds(30));
        PolicyBundle first = offered.poll(10, TimeUnit.SECONDS);
        assertThat(first.files())
                .containsExactly(new PolicyBundle.PolicyFile("mesh/a.yaml", "# c1"));
        assertThat(first.skipped()).hasSize(1);
        OutputStream watch = watches.take();

        commit = "c2";
        say(watch, "{\"commit\":\"c2\"}");

        assertThat(next()).isEqualTo("c2");
        say(watch, "{\"commit\":\"c2\"}");
        say(watch, "{\"heartbeat\":true}");
        commit = "c3";
        say(watch, "{\"commit\":\"c3\"}");
        assertThat(next()).isEqualTo("c3");
        assertThat(source.status().error()).isEmpty();
    }

    @Test
    void pollsWhereThereIsNoWatch() throws Exception {
        watchOffered = false;
        read(TOKEN, Duration.ofSeconds(30));
        assertThat(next()).isEqualTo("c1");
        commit = "c2";
        assertThat(next()).isEqualTo("c2");
    }

    @Test
    void returnsWhenConfigServiceDoes() throws Exception {
        read(TOKEN, Duration.ofSeconds(30));
        assertThat(next()).isEqualTo("c1");
        int port = server.getAddress().getPort();
        watches.take();
        server.stop(0);
        commit = "c2";
        serve(port);
        assertThat(next()).isEqualTo("c2");
    }

    @Test
    void aSilentWatchIsGivenUp() throws Exception {
        read(TOKEN, Duration.ofMillis(200));
        assertThat(next()).isEqualTo("c1");
        watches.take();
        commit = "c2";
        assertThat(next()).as("found by connecting anew").isEqualTo("c2");
    }

    @Test
    void tellsWhyItCannotRead() throws Exception {
        read("wrong", Duration.ofSeconds(30));
        awaitError("GET /mesh/bundle answered 401");
        assertThat(source.status().lastSuccess()).isNull();
        assertThat(offered).isEmpty();
    }
}
