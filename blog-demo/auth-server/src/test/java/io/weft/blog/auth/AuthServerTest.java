package io.weft.blog.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AuthServerTest {

    private static final String ISSUER = "https://auth.example.com";
    private static final String REDIRECT = "https://blog.example.com/login/callback";
    private static final String VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-0123456789";
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = new RunningServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void publishesItsMetadataUnderTheConfiguredIssuer() throws Exception {
        for (String path :
                new String[] {
                    "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
                }) {
            JsonNode metadata = server.json(server.get(path));
            assertThat(metadata.at("/issuer").asString()).isEqualTo(ISSUER);
            assertThat(metadata.at("/jwks_uri").asString())
                    .isEqualTo(ISSUER + "/.well-known/jwks.json");
        }
    }

    @Test
    void publishesThePublicHalfOfTheKeyOnly() throws Exception {
        JsonNode key = server.json(server.get("/.well-known/jwks.json")).at("/keys/0");
        assertThat(key.at("/kty").asString()).isEqualTo("RSA");
        assertThat(key.propertyNames()).contains("n", "e", "kid").doesNotContain("d", "p", "q");
    }

    @Test
    void aClientsTokenTellsWhoseItIsAndTheRoleAndCanBeVerified() throws Exception {
        for (String name : new String[] {"admin", "editor", "reader"}) {
            HttpResponse<String> answer = server.tokenFor(name, name + "-secret");
            assertThat(answer.statusCode()).isEqualTo(200);
            String token = server.json(answer).at("/access_token").asString();
            JWTClaimsSet claims = server.verify(token, JWSAlgorithm.RS256);
            assertThat(claims.getIssuer()).isEqualTo(ISSUER);
            assertThat(claims.getSubject()).isEqualTo(name);
            assertThat(claims.getAudience()).containsExactly("blog-api");
            assertThat(claims.getStringClaim("role")).isEqualTo(name);
            assertThat(
                            Duration.between(
                                    claims.getIssueTime().toInstant(),
                                    claims.getExpirationTime().toInstant()))
                    .isEqualTo(Duration.ofHours(1));
        }
    }

    @Test
    void aWrongSecretGivesNoToken() throws Exception {
        assertThat(server.tokenFor("admin", "reader-secret").statusCode()).isEqualTo(401);
    }

    @Test
    void aPersonSignsInByFormAndTheFrontEndGetsTokensForTheCode() throws Exception {
        try (var own = new RunningServer("--AUTH_ALGORITHM=ES256")) {
            HttpResponse<String> form = own.get(authorizeUri(Map.of()));
            assertThat(form.statusCode()).isEqualTo(302);
            assertThat(location(form).getPath()).isEqualTo("/login");

            String page = own.get("/login").body();
            assertThat(page).contains("<code>editor</code>", "password is the name");
            assertThat(signIn(own, page, "wrong").getQuery()).isEqualTo("error");
            URI onwards = signIn(own, own.get("/login?error").body(), "editor");

            URI back = location(own.get(onwards.toString()));
            assertThat(back.toString()).startsWith(REDIRECT + "?code=").endsWith("&state=s1");
            HttpResponse<String> tokens =
                    own.post("/oauth2/token", codeForm(back.getQuery().split("[=&]")[1]));
            assertThat(tokens.statusCode()).isEqualTo(200);

            JWTClaimsSet access =
                    own.verify(own.json(tokens).at("/access_token").asString(), JWSAlgorithm.ES256);
            assertThat(access.getSubject()).isEqualTo("editor");
            assertThat(access.getStringClaim("role")).isEqualTo("editor");
            assertThat(access.getAudience()).containsExactly("blog-api");
            JWTClaimsSet id =
                    own.verify(own.json(tokens).at("/id_token").asString(), JWSAlgorithm.ES256);
            assertThat(id.getAudience()).containsExactly("blog-frontend");
            assertThat(id.getStringClaim("preferred_username")).isEqualTo("editor");
        }
    }

    @Test
    void withoutPkceTheFrontEndGetsNoCode() throws Exception {
        HttpResponse<String> refused = server.get(authorizeUri(Map.of("code_challenge", "")));
        assertThat(location(refused).getQuery()).contains("error=invalid_request");
    }

    @Test
    void theDemoEndpointsDoNotExistUnlessTheyAreEnabled() throws Exception {
        assertThat(server.postJson("/demo/keys/rotate", "{}").statusCode()).isEqualTo(404);
        assertThat(server.postJson("/demo/token", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void afterARotationNewTokensCarryTheNewKeyAndOldOnesAreStillGood() throws Exception {
        try (var demo = new RunningServer("--blog.auth.demo=true")) {
            String before =
                    demo.json(demo.tokenFor("admin", "admin-secret"))
                            .at("/access_token")
                            .asString();
            String kid = demo.json(demo.postJson("/demo/keys/rotate", "{}")).at("/kid").asString();
            String after =
                    demo.json(demo.tokenFor("admin", "admin-secret"))
                            .at("/access_token")
                            .asString();
            assertThat(SignedJWT.parse(after).getHeader().getKeyID()).isEqualTo(kid);
            demo.verify(before, JWSAlgorithm.RS256);
            demo.verify(after, JWSAlgorithm.RS256);
            demo.postJson("/demo/keys/rotate", "{}");
            assertThatThrownBy(() -> demo.verify(before, JWSAlgorithm.RS256))
                    .isInstanceOf(BadJOSEException.class);
        }
    }

    @Test
    void anyTokenCanBeMadeForADemonstrationExpiredOnesToo() throws Exception {
        try (var demo = new RunningServer("--blog.auth.demo=true")) {
            String good =
                    demo.json(
                                    demo.postJson(
                                            "/demo/token",
                                            "{\"subject\":\"eve\",\"role\":\"editor\"}"))
                            .at("/token")
                            .asString();
            JWTClaimsSet claims = demo.verify(good, JWSAlgorithm.RS256);
            assertThat(claims.getSubject()).isEqualTo("eve");
            assertThat(claims.getStringClaim("role")).isEqualTo("editor");
            assertThat(claims.getAudience()).containsExactly("blog-api");
            String old =
                    demo.json(demo.postJson("/demo/token", "{\"expiresInSeconds\":-300}"))
                            .at("/token")
                            .asString();
            assertThatThrownBy(() -> demo.verify(old, JWSAlgorithm.RS256))
                    .hasMessageContaining("Expired");
        }
    }

    @Test
    void answersTheProbesAndTheHomePage() throws Exception {
        assertThat(server.get("/actuator/health/liveness").body()).contains("UP");
        assertThat(server.get("/actuator/health/readiness").body()).contains("UP");
        HttpResponse<String> home = server.get("/");
        assertThat(home.body()).contains(ISSUER);
        assertThat(home.headers().firstValue("content-security-policy")).isPresent();
    }

    private static String authorizeUri(Map<String, String> changes) throws Exception {
        Map<String, String> parameters = new TreeMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", "blog-frontend");
        parameters.put("redirect_uri", REDIRECT);
        parameters.put("scope", "openid");
        parameters.put("state", "s1");
        parameters.put("code_challenge_method", "S256");
        parameters.put(
                "code_challenge",
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(VERIFIER.getBytes(StandardCharsets.US_ASCII))));
        parameters.putAll(changes);
        parameters.values().removeIf(String::isEmpty);
        return "/oauth2/authorize?" + RunningServer.encode(parameters);
    }

    private static Map<String, String> codeForm(String code) {
        return Map.of(
                "grant_type", "authorization_code",
                "client_id", "blog-frontend",
                "redirect_uri", REDIRECT,
                "code", code,
                "code_verifier", VERIFIER);
    }

    private static URI signIn(RunningServer at, String page, String password) throws Exception {
        Matcher csrf = CSRF.matcher(page);
        assertThat(csrf.find()).isTrue();
        return location(
                at.post(
                        "/login",
                        Map.of(
                                "username",
                                "editor",
                                "password",
                                password,
                                "_csrf",
                                csrf.group(1))));
    }

    private static URI location(HttpResponse<String> response) {
        return URI.create(response.headers().firstValue("location").orElseThrow());
    }
}
