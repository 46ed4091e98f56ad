package io.weft.blog.auth;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An instance on a free loopback port, a browser of sorts for it, and a verifier of its tokens. */
final class RunningServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .cookieHandler(new CookieManager())
                    .build();

    RunningServer(String... args) {
        List<String> all =
                new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1"));
        all.addAll(List.of(args));
        context = AuthServerApplication.start(all.toArray(String[]::new));
    }

    URI uri(String path) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return URI.create("http://127.0.0.1:" + port).resolve(path);
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).header("accept", "text/html,*/*"));
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... headers)
            throws Exception {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("content-type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(encode(form)));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    HttpResponse<String> postJson(String path, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(uri(path))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> tokenFor(String client, String secret) throws Exception {
        String credentials =
                Base64.getEncoder()
                        .encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return post(
                "/oauth2/token",
                Map.of("grant_type", "client_credentials"),
                "authorization",
                "Basic " + credentials);
    }

    JsonNode json(HttpResponse<String> response) {
        return json.readTree(response.body());
    }

    /** Verifies signature and times against the keys that the server publishes now. */
    JWTClaimsSet verify(String token, JWSAlgorithm algorithm) throws Exception {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        var keys =
                JWKSourceBuilder.create(uri("/.well-known/jwks.json").toURL())
                        .cache(false)
                        .refreshAheadCache(false)
                        .rateLimited(false)
                        .build();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithm, keys));
        return processor.process(token, null);
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field ->
                        field.getKey()
                                + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public void close() {
        http.close();
        context.close();
    }
}
