package io.weft.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.Secret;
import io.weft.model.resource.Certificate;
import io.weft.model.wire.ResourceMap;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class AdminServerTest {

    private final List<String> done = new CopyOnWriteArrayList<>();
    private volatile String notReady = "";

    private final AdminView view =
            new AdminView() {
                @Override
                public String notReady() {
                    return notReady;
                }

                @Override
                public Object configDump() {
                    Certificate certificate =
                            new Certificate("blog/tls", "chain", new Secret("PRIVATE-KEY"), "");
                    return Map.of(
                            "resources",
                            new ResourceMap(Map.of(certificate.key(), certificate)));
                }

                @Override
                public Object listeners() {
                    return List.of(Map.of("port", 15006));
                }

                @Override
                public Object clusters() {
                    return List.of("c");
                }

                @Override
                public Object routes() {
                    return List.of("r");
                }

                @Override
                public Object certs() {
                    throw new IllegalStateException("broken view");
                }

                @Override
                public String scrape() {
                    return "istio_requests_total 1\n";
                }

                @Override
                public boolean logLevel(String logger, String level) {
                    done.add("level " + logger + "=" + level);
                    return level.equals("debug");
                }

                @Override
                public void drain() {
                    done.add("drain");
                }

                @Override
                public void quit() {
                    done.add("quit");
                }
            };

    private static HttpResponse<String> call(AdminServer server, String method, String path)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void saysWhetherItIsReadyAndWhyNot() throws Exception {
        try (AdminServer server = AdminServer.start(AdminSettings.health("127.0.0.1", 0), view)) {
            assertThat(call(server, "GET", "/healthz/ready").statusCode()).isEqualTo(200);
            notReady = "no configuration yet";
            assertThat(call(server, "GET", "/ready").statusCode()).isEqualTo(503);
            assertThat(call(server, "GET", "/ready").body()).contains("no configuration yet");
            assertThat(call(server, "GET", "/config_dump").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void showsMetricsOnAPortOfTheirOwn() throws Exception {
        try (AdminServer server = AdminServer.start(AdminSettings.metrics("127.0.0.1", 0), view)) {
            HttpResponse<String> answer = call(server, "GET", "/stats/prometheus");
            assertThat(answer.body()).isEqualTo("istio_requests_total 1\n");
            assertThat(answer.headers().firstValue("content-type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            assertThat(call(server, "POST", "/drain").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theConfigDumpHasNoSecrets() throws Exception {
        try (AdminServer server = AdminServer.start(AdminSettings.admin(0), view)) {
            assertThat(call(server, "GET", "/config_dump").body())
                    .contains("blog/tls")
                    .contains("\"type\" : \"Certificate\"")
                    .contains("***")
                    .doesNotContain("PRIVATE-KEY");
            assertThat(call(server, "GET", "/listeners").body()).contains("15006");
            assertThat(call(server, "GET", "/ready").statusCode()).isEqualTo(200);
            assertThat(call(server, "GET", "/stats/prometheus").statusCode()).isEqualTo(200);
            assertThat(call(server, "GET", "/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatChangesSomethingMustBeAPost() throws Exception {
        try (AdminServer server = AdminServer.start(AdminSettings.admin(0), view)) {
            assertThat(call(server, "GET", "/drain").statusCode()).isEqualTo(405);
            assertThat(call(server, "GET", "/quitquitquit").statusCode()).isEqualTo(405);
            assertThat(call(server, "POST", "/quitquitquit").statusCode()).isEqualTo(403);
            assertThat(done).isEmpty();
            assertThat(call(server, "POST", "/drain").statusCode()).isEqualTo(200);
            assertThat(call(server, "POST", "/logging?level=debug&logger=io.weft").statusCode())
                    .isEqualTo(200);
            assertThat(call(server, "POST", "/logging?level=loud").statusCode()).isEqualTo(400);
            assertThat(done).containsExactly("drain", "level io.weft=debug", "level =loud");
        }
    }

    @Test
    void quitsWhenTheSettingsAllowIt() throws Exception {
        AdminSettings settings = new AdminSettings("127.0.0.1", 0, AdminSurface.ADMIN, true);
        try (AdminServer server = AdminServer.start(settings, view)) {
            assertThat(call(server, "POST", "/quitquitquit").statusCode()).isEqualTo(200);
            assertThat(done).containsExactly("quit");
        }
    }

    @Test
    void aBrokenViewIsAnErrorWithoutDetails() throws Exception {
        try (AdminServer server = AdminServer.start(AdminSettings.admin(0), view)) {
            HttpResponse<String> answer = call(server, "GET", "/certs");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("broken view");
        }
    }

    @Test
    void aNameThatWasReboundToLoopbackIsRefused() throws Exception {
        try (AdminServer server = AdminServer.start(AdminSettings.admin(0), view);
                Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream()
                    .write(
                            "GET /config_dump HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403")
                    .doesNotContain("blog/tls");
        }
    }

    @Test
    void administrationIsOnLoopbackOnly() {
        assertThatThrownBy(() -> new AdminSettings("0.0.0.0", 0, AdminSurface.ADMIN, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loopback");
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (AdminServer first = AdminServer.start(AdminSettings.admin(0), view)) {
            assertThatThrownBy(() -> AdminServer.start(AdminSettings.admin(first.port()), view))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + first.port());
        }
    }
}
