package io.weft.policy.jwks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpJwksFetcherTest {

    private static final EventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private HttpServer server;
    private volatile String body = "{\"keys\":[]}";
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/keys",
                exchange -> {
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterAll
    static void endLoops() {
        LOOPS.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static String fetch(String uri, Map<String, InetSocketAddress> hosts) throws Exception {
        return new HttpJwksFetcher(
                        new JwksSettings(Duration.ofMinutes(20), hosts, null), LOOPS, Runnable::run)
                .fetch(URI.create(uri))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private Map<String, InetSocketAddress> toServer() {
        return Map.of("auth.example.com", server.getAddress());
    }

    @Test
    void fetchesFromAnOverriddenHost() throws Exception {
        assertThat(fetch("http://auth.example.com/keys", toServer())).isEqualTo(body);
    }

    @Test
    void refusesLoopbackAndLinkLocalAddressesHoweverTheyAreWritten() {
        int port = server.getAddress().getPort();
        for (String host :
                new String[] {
                    "127.0.0.1",
                    "localhost",
                    "[::1]",
                    "[::ffff:127.0.0.1]",
                    "0.0.0.0",
                    "169.254.169.254",
                    "[fe80::1]",
                    "[fd00:ec2::254]"
                }) {
            assertThatThrownBy(() -> fetch("http://" + host + ":" + port + "/keys", Map.of()))
                    .as(host)
                    .rootCause()
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void refusesOtherSchemesAnswersAndSizes() {
        assertThatThrownBy(() -> fetch("file:///etc/passwd", Map.of()))
                .hasMessageContaining("expected: https://host/path");
        status = 302;
        assertThatThrownBy(() -> fetch("http://auth.example.com/keys", toServer()))
                .hasMessageContaining("answered 302");
        status = 200;
        body = "x".repeat(300_000);
        assertThatThrownBy(() -> fetch("http://auth.example.com/keys", toServer()))
                .hasMessageContaining("more than 262144 bytes");
    }

    /** Istio's control plane fetched keys from wherever a tenant wrote, and showed what it got. */
    @Test
    void cve202641413NoSpellingAndNoRedirectLeadsToAnAddressOfThisMachine() {
        int port = server.getAddress().getPort();
        AtomicInteger asked = new AtomicInteger();
        server.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        for (String host :
                new String[] {
                    "localhost",
                    "LOCALHOST.",
                    "ip6-localhost",
                    "127.0.0.2",
                    "127.1",
                    "2130706433",
                    "0x7f000001",
                    "0177.0.0.1",
                    "0",
                    "[::]",
                    "[::1%25lo]",
                    "[0:0:0:0:0:ffff:7f00:1]",
                    "[::7f00:1]",
                    "[64:ff9b::7f00:1]",
                    "metadata.google.internal.127.0.0.1.nip.io",
                    "169.254.169.254",
                    "[::ffff:a9fe:a9fe]",
                    "user@127.0.0.1",
                    "auth.example.com@127.0.0.1",
                    "127.0.0.1#@auth.example.com"
                }) {
            assertThatThrownBy(() -> fetch("http://" + host + ":" + port + "/secret", Map.of()))
                    .as(host)
                    .isInstanceOf(Exception.class);
        }
        server.createContext(
                "/redirect",
                exchange -> {
                    exchange.getResponseHeaders()
                            .add("Location", "http://127.0.0.1:" + port + "/secret");
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                });
        assertThatThrownBy(() -> fetch("http://auth.example.com/redirect", toServer()))
                .hasMessageContaining("answered 302");
        assertThat(asked).as("what the server was asked").hasValue(0);
    }
}
