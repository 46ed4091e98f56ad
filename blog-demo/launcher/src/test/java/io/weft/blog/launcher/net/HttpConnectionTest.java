package io.weft.blog.launcher.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.weft.blog.launcher.pki.DemoCertificates;
import io.weft.blog.launcher.pki.TlsClients;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            exchange.getRequestHeaders().getFirst("Host")
                                    + " "
                                    + exchange.getRequestHeaders().get("X-Twice")
                                    + " "
                                    + new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8);
                    boolean chunked = exchange.getRequestURI().getPath().equals("/chunked");
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, chunked ? 0 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsTheHostAndRepeatedHeadersAsTheyAreTold() throws Exception {
        HttpAnswer answer =
                HttpConnection.once(
                        target(),
                        HttpQuestion.json("POST", "blog.example.com", "/", "{}")
                                .with("x-twice", "1")
                                .with("x-twice", "2"),
                        TIMEOUT);
        assertThat(answer.body()).isEqualTo("blog.example.com [1, 2] {}");
    }

    @Test
    void readsChunkedAnswersAndKeepsTheConnection() throws Exception {
        try (HttpSession session = new HttpSession(target(), TIMEOUT)) {
            for (int i = 0; i < 3; i++) {
                assertThat(session.exchange(HttpQuestion.get("h", "/chunked")).body())
                        .isEqualTo("h null ");
            }
        }
    }

    @Test
    void aConnectionThatIsClosedWithoutAnAnswerIsAnError() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = rude.accept()) {
                            socket.getInputStream().read();
                        } catch (java.io.IOException e) {
                            // the test sees its own end of it
                        }
                    });
            assertThatThrownBy(() ->
                            HttpConnection.once(
                                    Target.plain(rude.getLocalPort()),
                                    HttpQuestion.get("h", "/"),
                                    TIMEOUT))
                    .isInstanceOfAny(EOFException.class, java.net.SocketException.class);
        }
    }

    @Test
    void showsTheServersCertificateAndRefusesOneThatIsNotTrusted() throws Exception {
        DemoCertificates authority = DemoCertificates.create("test", Instant.now());
        DemoCertificates.Leaf leaf = authority.server(List.of("blog.example.com"), Instant.now());
        SSLContext serving =
                TlsClients.showing(leaf.keys().getPrivate(), leaf.certificate(), authority.root());
        try (SSLServerSocket secure =
                (SSLServerSocket)
                        serving.getServerSocketFactory()
                                .createServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> acceptAll(secure));
            try (HttpConnection connection =
                    HttpConnection.open(
                            Target.tls(
                                    secure.getLocalPort(),
                                    TlsClients.trusting(authority.root()),
                                    "blog.example.com"),
                            TIMEOUT)) {
                assertThat(connection.serverCertificate()).isEqualTo(leaf.certificate());
            }
            SSLContext other =
                    TlsClients.trusting(DemoCertificates.create("other", Instant.now()).root());
            assertThatThrownBy(() ->
                            HttpConnection.open(
                                    Target.tls(secure.getLocalPort(), other, "blog.example.com"),
                                    TIMEOUT))
                    .isInstanceOf(javax.net.ssl.SSLException.class);
        }
    }

    private static void acceptAll(SSLServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read();
            } catch (java.io.IOException e) {
                // a client that hangs up is what the tests are about
            }
        }
    }

    private Target target() {
        return Target.plain(server.getAddress().getPort());
    }
}
