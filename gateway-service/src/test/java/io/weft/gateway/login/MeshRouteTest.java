package io.weft.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

/** A route of Spring Cloud Gateway's own to {@code mesh://}, and a callee that denies. */
@Timeout(120)
class MeshRouteTest {

    private static final String ROUTE = "--spring.cloud.gateway.server.webflux.routes[0].";

    @TempDir static Path dir;

    private static RunningGateway callee;
    private static RunningGateway caller;

    @BeforeAll
    static void start() throws Exception {
        callee =
                new RunningGateway(
                        Files.createDirectory(dir.resolve("callee")),
                        "https://issuer.example",
                        "{\"keys\":[]}",
                        0);
        caller =
                RunningGateway.before(
                        callee,
                        Files.createDirectory(dir.resolve("caller")),
                        ROUTE + "id=plain",
                        ROUTE + "uri=mesh://server.ns:8080",
                        ROUTE + "predicates[0]=Path=/**");
    }

    @AfterAll
    static void stop() {
        caller.close();
        callee.close();
    }

    private static String get(String target, String... headers) throws Exception {
        int port = ((WebServerApplicationContext) caller.context()).getWebServer().getPort();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            String text =
                    "GET "
                            + target
                            + " HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n"
                            + String.join("", headers)
                            + "\r\n";
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.lines().findFirst().orElse("").replaceFirst("HTTP/1.1 (\\d+).*", "$1");
        }
    }

    @Test
    void whatTheCalleeDeniesIsDeniedToARouteOfSpringsOwn() throws Exception {
        assertThat(get("/open")).isEqualTo("200");
        assertThat(callee.last()).containsEntry(":path", "/open");
        int before = callee.seen.size();
        for (String target :
                new String[] {
                    "/admin",
                    "/admin/x",
                    "/admin?x=/open",
                    "/open/../admin",
                    "/open/%2e%2e/admin",
                    "/%61dmin",
                    "/./admin",
                    "/admin/filtered"
                }) {
            assertThat(get(target)).as(target).isIn("400", "403");
        }
        assertThat(
                        get(
                                "/admin",
                                "X-Forwarded-Client-Cert: URI=spiffe://cluster.local/ns/ns/sa/x\r\n",
                                "X-Envoy-Original-Path: /open\r\n",
                                "X-Original-URL: /open\r\n",
                                "X-HTTP-Method-Override: GET\r\n",
                                "Authorization: Bearer a.b.c\r\n"))
                .isIn("401", "403");
        assertThat(callee.seen).hasSize(before);
    }
}
