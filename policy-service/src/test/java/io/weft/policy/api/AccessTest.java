package io.weft.policy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.weft.policy.PolicyServiceApplication;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Who may do what on the web port, with people's tokens of an issuer. */
@Timeout(60)
class AccessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path directory;
    private static ConfigurableApplicationContext application;
    private static HttpServer issuer;
    private static ECKey key;
    private static String base;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        issuer.createContext(
                "/keys",
                exchange -> {
                    byte[] body =
                            ("{\"keys\": [" + key.toPublicJWK().toJSONString() + "]}")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        issuer.start();
        application =
                PolicyServiceApplication.start(
                        "--server.port=0",
                        "--weft.policy.state-dir=" + directory.resolve("state"),
                        "--weft.policy.join-port=0",
                        "--weft.policy.mesh-port=0",
                        "--weft.policy.api.issuer=https://login.example",
                        "--weft.policy.api.jwks-uri=http://login.example/keys",
                        "--weft.policy.api.audiences=weft",
                        "--weft.policy.api.roles-claim=realm_access.roles",
                        "--weft.policy.api.anonymous-reads=false",
                        "--weft.policy.jwks.hosts.login.example=127.0.0.1:"
                                + issuer.getAddress().getPort());
        base = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
        long end = System.nanoTime() + PATIENCE.toNanos();
        String viewer = token("viewer", "weft", 60);
        // The operator's token first: a token that does not verify yet would count as a failure.
        while (application.getBean(People.class).caller("Bearer " + viewer)
                instanceof People.Caller.Refused) {
            assertThat(System.nanoTime()).as("the keys come in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @AfterAll
    static void stop() {
        application.close();
        issuer.stop(0);
    }

    private static String token(String role, String audience, long lifeSeconds) throws Exception {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
                        new JWTClaimsSet.Builder()
                                .issuer("https://login.example")
                                .audience(audience)
                                .subject("ann")
                                .claim("realm_access", Map.of("roles", List.of(role)))
                                .expirationTime(Date.from(Instant.now().plusSeconds(lifeSeconds)))
                                .build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static HttpResponse<String> send(
            String method, String path, String token, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                method.equals("GET")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString("{}"));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String operatorToken() throws Exception {
        return Files.readString(directory.resolve("state/operator-token")).strip();
    }

    @Test
    void nothingIsAnsweredToWhoShowsNothing() throws Exception {
        for (String path :
                List.of(
                        "/api/v1/status",
                        "/api/v1/workloads",
                        "/api/v1/ca",
                        "/api/v1/config/blog/web",
                        "/actuator/metrics",
                        "/actuator/info",
                        "/%61pi/v1/status",
                        "/api;x=1/v1/status",
                        "/api/v1;a=b/status;c",
                        "/%61ctuator/metrics",
                        "/actuator;x/metrics",
                        "/api/v1/%2e%2e/status",
                        "//api/v1/status")) {
            assertThat(send("GET", path, "").statusCode()).as(path).isIn(401, 404);
        }
        assertThat(send("GET", "/api/v1/status", "").headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer");
        assertThat(send("GET", "/actuator/health", "").statusCode())
                .as("nothing is in force, but it may be asked")
                .isEqualTo(503);
        assertThat(send("GET", "/", "").statusCode()).isEqualTo(200);
    }

    @Test
    void everyMappingThatChangesSomethingIsForOperators() throws Exception {
        String viewer = token("viewer", "weft", 60);
        int asked = 0;
        for (var mapping :
                application
                        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                        .getHandlerMethods()
                        .keySet()) {
            for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                if (method == RequestMethod.GET) {
                    continue;
                }
                String path =
                        mapping.getPatternsCondition()
                                .getPatterns()
                                .iterator()
                                .next()
                                .getPatternString();
                if (path.equals("/api/v1/explain") || path.equals("/api/v1/preview")) {
                    continue; // a question
                }
                asked++;
                assertThat(send(method.name(), path, "").statusCode())
                        .as(method + " " + path + " by nobody")
                        .isEqualTo(401);
                assertThat(send(method.name(), path, viewer).statusCode())
                        .as(method + " " + path + " by a viewer")
                        .isEqualTo(403);
            }
        }
        assertThat(asked).isGreaterThanOrEqualTo(8);
    }

    @Test
    void rolesComeFromTheToken() throws Exception {
        assertThat(send("GET", "/api/v1/ca", token("viewer", "weft", 60)).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/api/v1/ca", token("guest", "weft", 60)).statusCode())
                .isEqualTo(403);
        HttpResponse<String> denied =
                send("POST", "/api/v1/ca/denied", token("operator", "weft", 60));
        assertThat(denied.statusCode()).as("it is asked for a subject").isEqualTo(400);
        assertThat(send("GET", "/api/v1/ca", operatorToken()).statusCode()).isEqualTo(200);
    }

    @Test
    void anotherSitesRequestsAreRefusedWhateverTheyCarry() throws Exception {
        // The JDK's client does not let Sec-Fetch-Site through unless it is asked by hand.
        HttpResponse<String> answer =
                send(
                        "POST",
                        "/api/v1/ca/rotation",
                        operatorToken(),
                        "Sec-Fetch-Site",
                        "cross-site");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("other sites");
    }

    @Test
    void noAnswerHoldsASecret() throws Exception {
        String operator = operatorToken();
        String stored = Files.readString(directory.resolve("state/ca/authority.json"));
        assertThat(stored).contains("PRIVATE KEY");
        for (String path :
                List.of(
                        "/api/v1/status",
                        "/api/v1/ca",
                        "/api/v1/ca/bundle",
                        "/api/v1/workloads",
                        "/api/v1/nothing",
                        "/actuator/env",
                        "/actuator/configprops",
                        "/actuator/heapdump",
                        "/actuator/prometheus")) {
            assertThat(send("GET", path, operator).body())
                    .as(path)
                    .doesNotContain("PRIVATE KEY", operator);
        }
        for (String closed : List.of("env", "configprops", "heapdump", "beans", "loggers")) {
            assertThat(send("GET", "/actuator/" + closed, operator).statusCode())
                    .as(closed)
                    .isEqualTo(404);
        }
    }
}
