package io.weft.engine.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.weft.engine.AdjustableClock;
import io.weft.engine.Origins;
import io.weft.engine.SampleRequest;
import io.weft.engine.VerifiedToken;
import io.weft.model.authz.JwtRule;
import io.weft.model.resource.JwksSet;
import io.weft.model.route.HeaderOp;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JwtAuthenticatorTest {

    private static final TestIssuer ISSUER = new TestIssuer();
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final long SECONDS = NOW.getEpochSecond();
    private static final String GOOD = claims("\"aud\":\"blog\",\"exp\":" + (SECONDS + 300));

    private final AdjustableClock clock = AdjustableClock.stoppedAt(NOW);

    private static String claims(String more) {
        return "{\"iss\":\"https://auth.example.com\",\"sub\":\"editor\"," + more + "}";
    }

    private static JwtRule rule(
            List<String> audiences, List<JwtRule.HeaderLocation> headers, boolean forward) {
        return new JwtRule(
                TestIssuer.ISSUER,
                audiences,
                "jwks",
                headers,
                List.of(),
                List.of(),
                forward,
                null,
                List.of(),
                List.of(),
                Origins.line(5));
    }

    private static JwtRule rule() {
        return rule(List.of("blog"), List.of(), false);
    }

    private JwtAuthenticator authenticator(JwtRule... rules) {
        return JwtAuthenticator.compile(List.of(rules), ISSUER::jwks, clock);
    }

    private JwtAuthenticator withKeys(String json) {
        return JwtAuthenticator.compile(List.of(rule()), name -> new JwksSet(name, json), clock);
    }

    private static SampleRequest bearer(String token) {
        return SampleRequest.http("GET", "/").header("authorization", "Bearer " + token).build();
    }

    private static JwtOutcome.Valid valid(JwtOutcome outcome) {
        assertThat(outcome).isInstanceOf(JwtOutcome.Valid.class);
        return (JwtOutcome.Valid) outcome;
    }

    private void assertRefused(String token, String why) {
        assertRefused(authenticator(rule()), token, why);
    }

    private static void assertRefused(JwtAuthenticator authenticator, String token, String why) {
        JwtOutcome outcome = authenticator.authenticate(bearer(token));
        assertThat(outcome).as(why).isInstanceOf(JwtOutcome.Invalid.class);
        String reason = ((JwtOutcome.Invalid) outcome).reason();
        assertThat(reason).contains(why);
        if (token.length() > 20) {
            assertThat(reason).doesNotContain(token.substring(0, 20));
        }
    }

    @Test
    void aRequestWithoutATokenPasses() {
        JwtOutcome outcome =
                authenticator(rule()).authenticate(SampleRequest.http("GET", "/").build());
        assertThat(outcome).isInstanceOf(JwtOutcome.None.class);
        SampleRequest basic =
                SampleRequest.http("GET", "/").header("authorization", "Basic YTpi").build();
        assertThat(authenticator(rule()).authenticate(basic)).isInstanceOf(JwtOutcome.None.class);
    }

    @Test
    void acceptsAGoodTokenAndTakesItOutOfTheRequest() {
        JwtOutcome.Valid outcome =
                valid(authenticator(rule()).authenticate(bearer(ISSUER.token(GOOD))));
        assertThat(outcome.token().principal()).isEqualTo("https://auth.example.com/editor");
        assertThat(outcome.token().audiences()).containsExactly("blog");
        assertThat(outcome.headers()).containsExactly(new HeaderOp.Remove("authorization"));
        assertThat(outcome.origin()).isEqualTo(Origins.line(5));
    }

    @Test
    void acceptsEcAndEd25519AndTokensWithoutKid() throws Exception {
        assertThat(authenticator(rule()).authenticate(bearer(ISSUER.ec(GOOD))))
                .isInstanceOf(JwtOutcome.Valid.class);
        String noKid = ISSUER.rsa(new JWSHeader(JWSAlgorithm.RS256), GOOD);
        assertThat(authenticator(rule()).authenticate(bearer(noKid)))
                .isInstanceOf(JwtOutcome.Valid.class);

        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] spki = ((EdECPublicKey) pair.getPublic()).getEncoded();
        byte[] x = java.util.Arrays.copyOfRange(spki, spki.length - 32, spki.length);
        String input = TestIssuer.encode("{\"alg\":\"EdDSA\"}") + "." + TestIssuer.encode(GOOD);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(input.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        String token = input + "." + Base64URL.encode(signature.sign());
        JwtAuthenticator ed =
                withKeys(
                        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                                + Base64URL.encode(x)
                                + "\"}]}");
        assertThat(ed.authenticate(bearer(token))).isInstanceOf(JwtOutcome.Valid.class);
        assertRefused(ed, token.substring(0, token.length() - 4) + "AAAA", "");
    }

    @Test
    void refusesTokensThatAreNotSigned() {
        for (String alg : List.of("none", "None", "NONE")) {
            String head =
                    TestIssuer.encode("{\"alg\":\"" + alg + "\"}") + "." + TestIssuer.encode(GOOD);
            assertRefused(head + ".", "three parts");
            assertRefused(head + ".AAAA", "not signed");
        }
    }

    @Test
    void refusesAnHmacMadeWithThePublicKey() throws Exception {
        byte[] publicKey = ISSUER.rsa.toPublicKey().getEncoded();
        for (byte[] secret :
                List.of(
                        publicKey,
                        ISSUER.jwks("x")
                                .json()
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();
            assertRefused(TestIssuer.sign(header, GOOD, new MACSigner(secret)), "no key");
        }
    }

    @Test
    void acceptsHmacOnlyWithASecretKeyOfTheSet() throws Exception {
        byte[] secret =
                "0123456789abcdef0123456789abcdef"
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        String json = new JWKSet(new OctetSequenceKey.Builder(secret).build()).toString(false);
        String token =
                TestIssuer.sign(new JWSHeader(JWSAlgorithm.HS256), GOOD, new MACSigner(secret));
        assertThat(withKeys(json).authenticate(bearer(token))).isInstanceOf(JwtOutcome.Valid.class);
        assertRefused(withKeys(json), ISSUER.token(GOOD), "no key");
    }

    @Test
    void ignoresKeysThatTheTokenBringsOrPointsTo() throws Exception {
        TestIssuer attacker = new TestIssuer();
        RSAKey foreign = attacker.rsa.toPublicJWK();
        JWSHeader embedded =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").jwk(foreign).build();
        assertRefused(attacker.rsa(embedded, GOOD), "signature is not valid");
        JWSHeader jku =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .jwkURL(URI.create("http://127.0.0.1/jwks"))
                        .build();
        assertRefused(attacker.rsa(jku, GOOD), "signature is not valid");
        JWSHeader x5u =
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .x509CertURL(URI.create("http://127.0.0.1/c"))
                        .build();
        assertRefused(attacker.rsa(x5u, GOOD), "signature is not valid");
        for (String kid : List.of("../../dev/null", "' OR 1=1 --", "unknown", "")) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
            assertRefused(ISSUER.rsa(header, GOOD), "no key");
        }
    }

    @Test
    void refusesTamperedTruncatedNestedAndOversizedTokens() throws Exception {
        String good = ISSUER.token(GOOD);
        String[] parts = good.split("\\.");
        String admin = TestIssuer.encode(GOOD.replace("editor", "admin"));
        assertRefused(parts[0] + "." + admin + "." + parts[2], "signature is not valid");
        assertRefused(good.substring(0, good.length() - 6), "");
        assertRefused(parts[0] + "." + parts[1], "three parts");
        assertRefused(good + ".x.y", "three parts");
        assertRefused(ISSUER.handMade("{\"alg\":\"RS256\",\"cty\":\"JWT\"}", good), "malformed");
        assertRefused(good + "=", "base64url");
        assertRefused(ISSUER.token(claims("\"x\":\"" + "a".repeat(20_000) + "\"")), "longer than");
        assertRefused("a,b.c.d", "");
        assertRefused(good + "," + good, "");
    }

    @Test
    void refusesCriticalExtensionsAndMembersThatOccurTwice() throws Exception {
        assertRefused(ISSUER.handMade("{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", GOOD), "crit");
        assertRefused(
                ISSUER.handMade("{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}", GOOD),
                "crit");
        assertRefused(ISSUER.handMade("{\"alg\":\"RS256\",\"alg\":\"RS256\"}", GOOD), "twice");
        assertRefused(
                ISSUER.handMade(
                        "{\"alg\":\"RS256\"}", claims("\"sub\":\"admin\",\"aud\":\"blog\"")),
                "twice");
        assertRefused(
                ISSUER.handMade(
                        "{\"alg\":\"RS256\"}", claims("\"aud\":\"blog\",\"o\":{\"a\":1,\"a\":2}")),
                "twice");
        assertRefused(ISSUER.handMade("{\"alg\":\"RS256\"}", GOOD + "{}"), "malformed");
    }

    @Test
    void issuerAndAudienceAreComparedExactly() {
        String foreign = GOOD.replace("https://auth.example.com", "https://auth.example.com/");
        assertRefused(ISSUER.token(foreign), "no rule knows");
        assertRefused(ISSUER.token("{\"sub\":\"x\"}"), "no rule knows");
        assertRefused(ISSUER.token(claims("\"aud\":\"Blog\"")), "another audience");
        assertRefused(ISSUER.token(claims("\"aud\":[\"x\",\"blog/\"]")), "another audience");
        assertRefused(ISSUER.token(claims("\"x\":1")), "another audience");
        assertRefused(ISSUER.token(claims("\"aud\":{\"blog\":1}")), "neither");
        JwtOutcome several =
                authenticator(rule())
                        .authenticate(bearer(ISSUER.token(claims("\"aud\":[\"x\",\"blog\"]"))));
        assertThat(several).isInstanceOf(JwtOutcome.Valid.class);
    }

    @Test
    void timesAreCheckedWithAMinuteOfSkew() {
        JwtAuthenticator authenticator = authenticator(rule());
        assertThat(
                        authenticator.authenticate(
                                bearer(
                                        ISSUER.token(
                                                claims(
                                                        "\"aud\":\"blog\",\"exp\":"
                                                                + (SECONDS - 59))))))
                .isInstanceOf(JwtOutcome.Valid.class);
        assertRefused(
                ISSUER.token(claims("\"aud\":\"blog\",\"exp\":" + (SECONDS - 60))), "expired");
        assertThat(
                        authenticator.authenticate(
                                bearer(
                                        ISSUER.token(
                                                claims(
                                                        "\"aud\":\"blog\",\"nbf\":"
                                                                + (SECONDS + 60))))))
                .isInstanceOf(JwtOutcome.Valid.class);
        assertRefused(
                ISSUER.token(claims("\"aud\":\"blog\",\"nbf\":" + (SECONDS + 61))),
                "not valid yet");
        assertRefused(ISSUER.token(claims("\"aud\":\"blog\",\"exp\":\"never\"")), "not a number");
    }

    @Test
    void aCachedTokenExpiresAllTheSame() {
        JwtAuthenticator authenticator = authenticator(rule());
        SampleRequest request = bearer(ISSUER.token(GOOD));
        assertThat(authenticator.authenticate(request)).isInstanceOf(JwtOutcome.Valid.class);
        assertThat(authenticator.cachedTokens()).isEqualTo(1);
        assertThat(authenticator.authenticate(request)).isInstanceOf(JwtOutcome.Valid.class);
        clock.advance(Duration.ofSeconds(360));
        assertThat(authenticator.authenticate(request)).isInstanceOf(JwtOutcome.Invalid.class);
        assertThat(authenticator.cachedTokens()).isZero();
    }

    @Test
    void withoutKeysNoTokenVerifies() {
        JwtAuthenticator none = JwtAuthenticator.compile(List.of(rule()), name -> null, clock);
        assertRefused(none, ISSUER.token(GOOD), "not available");
        assertRefused(withKeys("{\"keys\":[]}"), ISSUER.token(GOOD), "not available");
        assertRefused(withKeys("rubbish"), ISSUER.token(GOOD), "not available");
    }

    @Test
    void tokensAtSeveralPlacesAreRefused() {
        String token = ISSUER.token(GOOD);
        SampleRequest both =
                SampleRequest.http("GET", "/?access_token=" + token)
                        .header("authorization", "Bearer " + token)
                        .build();
        assertThat(authenticator(rule()).authenticate(both)).isInstanceOf(JwtOutcome.Invalid.class);
        SampleRequest twice =
                SampleRequest.http("GET", "/?access_token=" + token + "&access_token=" + token)
                        .build();
        assertThat(authenticator(rule()).authenticate(twice))
                .isInstanceOf(JwtOutcome.Invalid.class);
    }

    @Test
    void aTokenInTheQueryIsTakenOutOfIt() {
        SampleRequest request =
                SampleRequest.http("GET", "/?a=1&access_token=" + ISSUER.token(GOOD) + "&b=2")
                        .build();
        assertThat(valid(authenticator(rule()).authenticate(request)).query()).isEqualTo("a=1&b=2");
    }

    @Test
    void theSchemesCaseIsNoWayAroundTheCheck() {
        SampleRequest request =
                SampleRequest.http("GET", "/")
                        .header("authorization", "bearer forged.token.x")
                        .build();
        assertThat(authenticator(rule()).authenticate(request))
                .isInstanceOf(JwtOutcome.Invalid.class);
    }

    @Test
    void aPreflightNeedsNoToken() {
        SampleRequest preflight =
                SampleRequest.http("OPTIONS", "/")
                        .header("origin", "https://x")
                        .header("access-control-request-method", "PUT")
                        .header("authorization", "Bearer rubbish")
                        .build();
        assertThat(authenticator(rule()).authenticate(preflight))
                .isInstanceOf(JwtOutcome.None.class);
    }

    @Test
    void claimsGoToHeadersAndForgedOnesAreRemovedFirst() {
        JwtRule rule =
                new JwtRule(
                        TestIssuer.ISSUER,
                        List.of(),
                        "jwks",
                        List.of(new JwtRule.HeaderLocation("X-Token", "")),
                        List.of(),
                        List.of("session"),
                        true,
                        "x-payload",
                        List.of(
                                new JwtRule.ClaimToHeader("X-User", List.of("user", "name")),
                                new JwtRule.ClaimToHeader("x-evil", List.of("evil"))),
                        List.of("roles"),
                        Origins.line(5));
        String claims =
                claims(
                        "\"user\":{\"name\":\"ann\"},\"evil\":\"a\\r\\nb: c\",\"scope\":\"read write\",\"roles\":\"x y\"");
        SampleRequest request =
                SampleRequest.http("GET", "/").header("x-token", ISSUER.token(claims)).build();
        JwtOutcome.Valid outcome = valid(authenticator(rule).authenticate(request));
        assertThat(outcome.headers())
                .containsExactly(
                        new HeaderOp.Remove("x-payload"),
                        new HeaderOp.Remove("x-user"),
                        new HeaderOp.Remove("x-evil"),
                        new HeaderOp.Set("x-payload", TestIssuer.encode(claims)),
                        new HeaderOp.Set("x-user", "ann"));
        assertThat(outcome.token().claims())
                .containsEntry("scope", List.of("read", "write"))
                .containsEntry("roles", List.of("x", "y"))
                .containsEntry("user", Map.of("name", "ann"));
        JwtOutcome.None none =
                (JwtOutcome.None)
                        authenticator(rule).authenticate(SampleRequest.http("GET", "/").build());
        assertThat(none.headers())
                .contains(new HeaderOp.Remove("x-user"), new HeaderOp.Remove("x-payload"));
    }

    private static JwtRule beside(
            String issuer, List<String> headers, List<String> params, List<String> cookies) {
        return new JwtRule(
                issuer,
                List.of(),
                "jwks",
                headers.stream().map(name -> new JwtRule.HeaderLocation(name, "")).toList(),
                params,
                cookies,
                false,
                headers.isEmpty() ? null : "x-payload",
                List.of(),
                List.of(),
                true,
                Origins.line(5));
    }

    @Test
    void tokensOfSeveralIssuersMayComeTogetherWhereTheirRulesSaySo() {
        JwtRule people = beside(TestIssuer.ISSUER, List.of("x-person"), List.of(), List.of());
        JwtRule machines = beside("https://machines", List.of(), List.of("m"), List.of());
        JwtRule partners = beside("https://partners", List.of(), List.of(), List.of("p"));
        String machine = ISSUER.token("{\"iss\":\"https://machines\",\"role\":\"ci\"}");
        String partner = ISSUER.token("{\"iss\":\"https://partners\"}");
        SampleRequest request =
                SampleRequest.http("GET", "/")
                        .header("x-person", ISSUER.token(GOOD))
                        .query("a=1&m=" + machine)
                        .header("cookie", "p=" + partner)
                        .build();
        JwtOutcome.Valid outcome =
                valid(authenticator(people, machines, partners).authenticate(request));
        assertThat(outcome.token().issuer()).isEqualTo(TestIssuer.ISSUER);
        assertThat(outcome.token().others())
                .extracting(VerifiedToken::issuer)
                .containsExactly("https://machines", "https://partners");
        assertThat(outcome.query()).isEqualTo("a=1");
        assertThat(outcome.headers())
                .containsExactly(
                        new HeaderOp.Remove("x-payload"),
                        new HeaderOp.Set("x-payload", TestIssuer.encode(GOOD)),
                        new HeaderOp.Remove("x-person"),
                        new HeaderOp.Remove("cookie"));
    }

    @Test
    void ofTokensThatComeTogetherEachMustBeGoodAndOfAnotherIssuer() {
        JwtRule people = beside(TestIssuer.ISSUER, List.of("x-person"), List.of(), List.of());
        JwtRule machines = beside("https://machines", List.of(), List.of("m"), List.of());
        JwtRule again = beside(TestIssuer.ISSUER, List.of("x-again"), List.of(), List.of());
        SampleRequest.Builder person =
                SampleRequest.http("GET", "/").header("x-person", ISSUER.token(GOOD));
        assertThat(authenticator(people, machines).authenticate(person.query("m=rubbish").build()))
                .isInstanceOf(JwtOutcome.Invalid.class);
        SampleRequest twice = person.query("").header("x-again", ISSUER.token(GOOD)).build();
        assertThat(authenticator(people, again).authenticate(twice))
                .isInstanceOfSatisfying(
                        JwtOutcome.Invalid.class,
                        invalid -> assertThat(invalid.reason()).contains("one issuer"));
        JwtRule alone = rule(List.of(), List.of(new JwtRule.HeaderLocation("x-again", "")), false);
        assertThat(authenticator(people, alone).authenticate(twice))
                .as("one of the rules does not say so")
                .isInstanceOf(JwtOutcome.Invalid.class);
    }

    @Test
    void aTokenInACookieIsTakenOutAndTheOtherCookiesStay() {
        JwtRule rule =
                new JwtRule(
                        TestIssuer.ISSUER,
                        List.of(),
                        "jwks",
                        List.of(),
                        List.of(),
                        List.of("session"),
                        false,
                        null,
                        List.of(),
                        List.of(),
                        Origins.line(5));
        SampleRequest request =
                SampleRequest.http("GET", "/")
                        .header("cookie", "a=1; session=" + ISSUER.token(GOOD) + "; b=2")
                        .build();
        assertThat(valid(authenticator(rule).authenticate(request)).headers())
                .containsExactly(new HeaderOp.Set("cookie", "a=1; b=2"));
    }

    @Test
    void aRuleOnlyAcceptsTokensWhereItLooks() {
        JwtRule elsewhere =
                rule(List.of(), List.of(new JwtRule.HeaderLocation("x-token", "")), false);
        assertThat(authenticator(elsewhere).authenticate(bearer(ISSUER.token(GOOD))))
                .isInstanceOf(JwtOutcome.None.class);
    }

    @Test
    void theNextRuleOfAnIssuerIsTriedWhenOneRefuses() {
        JwtRule other = rule(List.of("shop"), List.of(), false);
        assertThat(authenticator(other, rule()).authenticate(bearer(ISSUER.token(GOOD))))
                .isInstanceOf(JwtOutcome.Valid.class);
    }

    @Test
    void weakKeysAndKeysForEncryptionVerifyNothing() throws Exception {
        RSAKey encryption =
                new RSAKey.Builder(ISSUER.rsa.toPublicJWK())
                        .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                        .build();
        assertRefused(
                withKeys(new JWKSet(encryption).toString()), ISSUER.token(GOOD), "not available");
        RSAKey otherAlgorithm =
                new RSAKey.Builder(ISSUER.rsa.toPublicJWK()).algorithm(JWSAlgorithm.PS256).build();
        assertRefused(
                withKeys(new JWKSet(otherAlgorithm).toString()), ISSUER.token(GOOD), "no key");
    }

    @Test
    void keysThatCannotBeUsedDoNotSpoilTheOthersOfTheirSet() {
        String good = ISSUER.rsa.toPublicJWK().toJSONString();
        for (String odd :
                List.of(
                        "{\"kty\":\"XYZ\",\"kid\":\"a\"}",
                        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AAAA\"}",
                        "{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}",
                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                        "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AAAA\",\"y\":\"AAAA\"}",
                        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}")) {
            JwtAuthenticator authenticator = withKeys("{\"keys\":[" + odd + "," + good + "]}");
            assertThat(authenticator.authenticate(bearer(ISSUER.token(GOOD))))
                    .as(odd)
                    .isInstanceOf(JwtOutcome.Valid.class);
        }
    }
}
