package io.weft.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A Git server that points elsewhere: what the service calls is what the operator has configured.
 */
class RedirectTest {

    @Test
    void aGitServerCannotSendTheServiceToAnotherOne() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger lured = new AtomicInteger();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        server.createContext(
                "/config.git",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.getResponseHeaders()
                            .add("Location", "http://127.0.0.1:" + port + "/internal/info/refs");
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                });
        server.createContext(
                "/internal",
                exchange -> {
                    lured.incrementAndGet();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        try (RunningService service =
                RunningService.start(
                        "--weft.config.git.uri=http://127.0.0.1:" + port + "/config.git")) {
            RunningService.await(
                    "an error", () -> service.get("/actuator/health").body().contains("\"error\""));
            assertThat(asked.get()).isPositive();
            assertThat(lured.get()).isZero();
        } finally {
            server.stop(0);
        }
    }
}
