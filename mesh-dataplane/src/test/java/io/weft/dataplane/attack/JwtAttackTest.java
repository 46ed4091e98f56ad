package io.weft.dataplane.attack;

import static io.weft.dataplane.testing.Resources.ORIGIN;
import static io.weft.dataplane.testing.Resources.set;
import static io.weft.dataplane.testing.Resources.workload;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.weft.dataplane.InboundBinding;
import io.weft.dataplane.testing.MeshPair;
import io.weft.dataplane.testing.TestApp;
import io.weft.dataplane.testing.Wire;
import io.weft.model.AppProtocol;
import io.weft.model.authz.AuthzProgram;
import io.weft.model.authz.JwtRule;
import io.weft.model.listener.InboundPort;
import io.weft.model.listener.MtlsMode;
import io.weft.model.listener.OutboundPolicy;
import io.weft.model.resource.JwksSet;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Forged tokens over the wire; every one is answered with 401 and the application sees nothing. */
@Timeout(60)
class JwtAttackTest {

    private static final String ISSUER = "https://issuer.example";
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final MeshPair mesh = new MeshPair();
    private final ECKey ec = ecKey("ec");
    private final RSAKey rsa = rsaKey();
    private TestApp app;
    private MeshPair.Node server;

    private static ECKey ecKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RSAKey rsaKey() {
        try {
            return new RSAKeyGenerator(2048).keyID("rsa").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() {
        app = mesh.closing(TestApp.http1(mesh.apps, seen -> TestApp.text(200, "hello")));
        server =
                mesh.start(
                        "server",
                        s ->
                                s.inbound(
                                        InboundBinding.of(
                                                8080, "http", AppProtocol.HTTP, app.port())));
        publish(keys(ec.toPublicJWK().toJSONString(), rsa.toPublicJWK().toJSONString()));
    }

    @AfterEach
    void stop() throws Exception {
        mesh.close();
    }

    private static String keys(String... each) {
        return "{\"keys\":[" + String.join(",", each) + "]}";
    }

    private void publish(String jwks) {
        JwtRule rule =
                new JwtRule(
                        ISSUER,
                        List.of("shop"),
                        "keys",
                        List.of(),
                        List.of(),
                        List.of(),
                        true,
                        null,
                        List.of(),
                        List.of(),
                        ORIGIN);
        InboundPort port =
                new InboundPort(
                        8080,
                        "http",
                        AppProtocol.HTTP,
                        "server.ns.svc.cluster.local",
                        MtlsMode.PERMISSIVE,
                        ORIGIN,
                        List.of(rule),
                        AuthzProgram.ALLOW_ALL,
                        List.of());
        server.source()
                .publish(
                        set(
                                workload("server", OutboundPolicy.ALLOW_ANY, port),
                                new JwksSet("keys", jwks)));
    }

    // --- tokens, made by hand: no library would make most of them

    private static String b64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String b64(String text) {
        return b64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String claims(long exp) {
        return "{\"iss\":\"" + ISSUER + "\",\"aud\":\"shop\",\"sub\":\"ann\",\"exp\":" + exp + "}";
    }

    private static String good() {
        return claims(Instant.now().getEpochSecond() + 600);
    }

    private static byte[] es256(PrivateKey key, String input) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(key);
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return signature.sign();
    }

    private static byte[] sign(String algorithm, PrivateKey key, String input)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(input.getBytes(StandardCharsets.US_ASCII));
        return signature.sign();
    }

    private String es(String header, String claims) throws Exception {
        String input = b64(header) + "." + b64(claims);
        return input + "." + b64(es256(ec.toPrivateKey(), input));
    }

    private String signed(String claims) throws Exception {
        return es("{\"alg\":\"ES256\",\"kid\":\"ec\"}", claims);
    }

    private static String hmac(byte[] secret, String kid) throws Exception {
        String input = b64("{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}") + "." + b64(good());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return input + "." + b64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] pair(BigInteger r, BigInteger s) {
        byte[] both = new byte[64];
        fill(both, 0, r);
        fill(both, 32, s);
        return both;
    }

    private static void fill(byte[] into, int at, BigInteger value) {
        byte[] bytes = value.toByteArray();
        int from = Math.max(0, bytes.length - 32);
        System.arraycopy(bytes, from, into, at + 32 - (bytes.length - from), bytes.length - from);
    }

    // --- the wire

    private Wire.Reply send(String target, String headers) throws IOException {
        try (Wire wire = new Wire(server.plane().inboundPorts().get(8080))) {
            return wire.send(
                            "GET "
                                    + target
                                    + " HTTP/1.1\r\nHost: server.ns:8080\r\n"
                                    + headers
                                    + "\r\n")
                    .reply();
        }
    }

    private void assertPasses(String token) throws IOException {
        assertThat(send("/", "Authorization: Bearer " + token + "\r\n").status()).isEqualTo(200);
    }

    private void assertRefused(String what, String token) throws IOException {
        assertHeadersRefused(what, "Authorization: Bearer " + token + "\r\n");
    }

    private void assertHeadersRefused(String what, String headers) throws IOException {
        int before = app.seen().size();
        Wire.Reply reply = send("/", headers);
        assertThat(reply.status()).as(what).isEqualTo(401);
        assertThat(reply.head().toLowerCase(java.util.Locale.ROOT))
                .as(what)
                .contains("www-authenticate: bearer");
        assertThat(app.seen()).as(what).hasSize(before);
    }

    @Test
    void aGoodTokenOfEachKeyPasses() throws Exception {
        assertPasses(signed(good()));
        String input = b64("{\"alg\":\"RS256\",\"kid\":\"rsa\"}") + "." + b64(good());
        assertPasses(input + "." + b64(sign("SHA256withRSA", rsa.toPrivateKey(), input)));
    }

    @Test
    void unsignedTokensInEverySpelling() throws Exception {
        for (String alg : List.of("none", "None", "NONE", "nOnE", "", "null")) {
            for (String signature : List.of("", b64("x"))) {
                assertRefused(
                        "alg " + alg,
                        b64("{\"alg\":\"" + alg + "\"}") + "." + b64(good()) + "." + signature);
            }
        }
        assertRefused("no alg", b64("{}") + "." + b64(good()) + "." + b64("x"));
        assertRefused("alg of another type", es("{\"alg\":1}", good()));
    }

    @Test
    void hmacWithAPublicKeyAsTheSecret() throws Exception {
        for (String kid : List.of("ec", "rsa", "none")) {
            for (byte[] secret :
                    List.of(
                            rsa.toPublicKey().getEncoded(),
                            ec.toPublicKey().getEncoded(),
                            rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                            rsa.getModulus().decode(),
                            ("-----BEGIN PUBLIC KEY-----\n"
                                            + Base64.getMimeEncoder()
                                                    .encodeToString(rsa.toPublicKey().getEncoded())
                                            + "\n-----END PUBLIC KEY-----\n")
                                    .getBytes(StandardCharsets.UTF_8))) {
                assertRefused("HS256 as " + kid, hmac(secret, kid));
            }
        }
        assertRefused("an empty secret's neighbour", hmac(new byte[1], "ec"));
    }

    @Test
    void keysThatTheTokenBringsOrPointsTo() throws Exception {
        ECKey mine = ecKey("ec");
        for (String extra :
                List.of(
                        "\"jwk\":" + mine.toPublicJWK().toJSONString(),
                        "\"jku\":\"http://127.0.0.1:1/keys\"",
                        "\"x5u\":\"http://169.254.169.254/cert\"",
                        "\"x5c\":[\"MIIB\"]",
                        "\"x5t\":\"AAAA\"")) {
            String input =
                    b64("{\"alg\":\"ES256\",\"kid\":\"ec\"," + extra + "}") + "." + b64(good());
            assertRefused(extra, input + "." + b64(es256(mine.toPrivateKey(), input)));
        }
    }

    @Test
    void keyIdsThatAreSomethingElse() throws Exception {
        ECKey mine = ecKey("mine");
        for (String kid :
                List.of(
                        "../../../../dev/null",
                        "/dev/null",
                        "' UNION SELECT 'x",
                        "ec\\u0000",
                        "$(id)",
                        "http://127.0.0.1/",
                        "x".repeat(5000),
                        "rsa",
                        "")) {
            String input = b64("{\"alg\":\"ES256\",\"kid\":\"" + kid + "\"}") + "." + b64(good());
            assertRefused("kid " + kid, input + "." + b64(es256(mine.toPrivateKey(), input)));
        }
        assertRefused("kid of another type", es("{\"alg\":\"ES256\",\"kid\":[\"ec\"]}", good()));
    }

    @Test
    void claimsOfSomebodyElseOrAnotherTime() throws Exception {
        long now = Instant.now().getEpochSecond();
        String start = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"shop\",";
        for (String claims :
                List.of(
                        "{\"aud\":\"shop\"}",
                        "{\"iss\":\"https://issuer.example/\",\"aud\":\"shop\"}",
                        "{\"iss\":\"HTTPS://ISSUER.EXAMPLE\",\"aud\":\"shop\"}",
                        "{\"iss\":[\"" + ISSUER + "\"],\"aud\":\"shop\"}",
                        "{\"iss\":\"" + ISSUER + "\"}",
                        "{\"iss\":\"" + ISSUER + "\",\"aud\":\"shop2\"}",
                        "{\"iss\":\"" + ISSUER + "\",\"aud\":[]}",
                        "{\"iss\":\"" + ISSUER + "\",\"aud\":{\"shop\":1}}",
                        "{\"iss\":\"" + ISSUER + "\",\"aud\":[\"shop\",1]}",
                        start + "\"exp\":" + (now - 62) + "}",
                        start + "\"exp\":0}",
                        start + "\"exp\":-1}",
                        start + "\"exp\":\"" + (now + 600) + "\"}",
                        start + "\"exp\":[" + (now + 600) + "]}",
                        start + "\"exp\":true}",
                        start + "\"nbf\":" + (now + 75) + "}",
                        start + "\"nbf\":1e300}",
                        start + "\"exp\":" + (now - 999) + ",\"exp\":" + (now + 600) + "}",
                        "{\"iss\":\"evil\",\"iss\":\"" + ISSUER + "\",\"aud\":\"shop\"}",
                        "[1]",
                        "\"text\"",
                        "null",
                        "",
                        "{\"iss\":")) {
            assertRefused(claims, signed(claims));
        }
        assertPasses(signed(start + "\"exp\":" + (now - 45) + "}"));
        assertPasses(signed(start + "\"nbf\":" + (now + 45) + "}"));
        assertPasses(signed("{\"iss\":\"" + ISSUER + "\",\"aud\":[\"x\",\"shop\"]}"));
    }

    @Test
    void headersThatOccurTwiceOrDemandWhatNobodyKnows() throws Exception {
        for (String header :
                List.of(
                        "{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"ec\"}",
                        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"kid\":\"rsa\"}",
                        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"crit\":[\"exp\"]}",
                        "{\"alg\":\"ES256\",\"kid\":\"ec\",\"crit\":[\"b64\"],\"b64\":false}",
                        "{\"alg\":\"ES384\",\"kid\":\"ec\"}",
                        "{\"alg\":\"ES256K\",\"kid\":\"ec\"}",
                        "{\"alg\":\"RS256\",\"kid\":\"ec\"}",
                        "{\"alg\":\"PS256\",\"kid\":\"rsa\"}",
                        "[]",
                        "{")) {
            assertRefused(header, es(header, good()));
        }
    }

    /** The classes of Wycheproof's ECDSA and JSON web signature vectors, made here. */
    @Test
    void signaturesThatOnlyLookLikeOnes() throws Exception {
        String input = b64("{\"alg\":\"ES256\",\"kid\":\"ec\"}") + "." + b64(good());
        byte[] real = es256(ec.toPrivateKey(), input);
        BigInteger r = new BigInteger(1, Arrays.copyOf(real, 32));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(real, 32, 64));
        List<byte[]> forged = new ArrayList<>();
        List<BigInteger> edges =
                List.of(
                        BigInteger.ZERO,
                        BigInteger.ONE,
                        ORDER,
                        ORDER.add(BigInteger.ONE),
                        ORDER.subtract(BigInteger.ONE),
                        BigInteger.TWO.pow(256).subtract(BigInteger.ONE));
        for (BigInteger a : edges) {
            for (BigInteger b : edges) {
                forged.add(pair(a, b));
            }
            forged.add(pair(r, a));
            forged.add(pair(a, s));
        }
        forged.add(pair(s, r));
        forged.add(sign("SHA256withECDSA", ec.toPrivateKey(), input)); // DER
        forged.add(Arrays.copyOf(real, 63));
        forged.add(Arrays.copyOf(real, 65));
        forged.add(Arrays.copyOf(real, 128));
        forged.add(Arrays.copyOfRange(real, 0, 32));
        forged.add(new byte[64]);
        forged.add(sign("SHA256withRSA", rsa.toPrivateKey(), input));
        for (byte[] each : forged) {
            assertRefused(b64(each), input + "." + b64(each));
        }
        for (int bit = 0; bit < 512; bit += 37) {
            byte[] flipped = real.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused("bit " + bit, input + "." + b64(flipped));
        }
        assertPasses(input + "." + b64(real));
    }

    @Test
    void tokensThatAreCutOffTooLongNestedOrSpeltDifferently() throws Exception {
        String token = signed(good());
        for (int length = 1; length < token.length(); length += 7) {
            assertRefused("cut at " + length, token.substring(0, length));
        }
        String[] parts = token.split("\\.");
        assertRefused("four parts", token + "." + parts[2]);
        assertRefused("five parts", token + "." + parts[2] + "." + parts[2]);
        assertRefused("no header", "." + parts[1] + "." + parts[2]);
        assertRefused("padding", parts[0] + "=." + parts[1] + "." + parts[2]);
        assertRefused("other alphabet", token.replace('-', '+').replace('_', '/') + "+");
        assertRefused("a changed claim", parts[0] + "." + b64(claims(1)) + "." + parts[2]);
        assertRefused(
                "nested",
                es("{\"alg\":\"ES256\",\"kid\":\"ec\",\"cty\":\"JWT\"}", "\"" + token + "\""));
        String big = signed(good().replace("\"ann\"", "\"" + "a".repeat(17_000) + "\""));
        assertThat(send("/", "Authorization: Bearer " + big + "\r\n").status()).isIn(401, 431);
        String deep = "{\"iss\":\"" + ISSUER + "\",\"aud\":\"shop\",\"x\":" + "[".repeat(4000);
        assertRefused("deep", signed(deep));
    }

    @Test
    void tokensAtSeveralPlacesAndInOddSchemes() throws Exception {
        String token = signed(good());
        String bearer = "Authorization: Bearer " + token + "\r\n";
        assertHeadersRefused("two headers", bearer + "Authorization: Bearer x\r\n");
        assertHeadersRefused("two headers", "Authorization: Bearer x\r\n" + bearer);
        int before = app.seen().size();
        assertThat(send("/?access_token=x", bearer).status()).isEqualTo(401);
        assertThat(send("/?access_token=x&access_token=" + token, "").status()).isEqualTo(401);
        assertThat(app.seen()).hasSize(before);
        assertHeadersRefused("scheme in lower case", "Authorization: bearer x.y.z\r\n");
    }

    @Test
    void rotationOutageAndRubbishOfTheKeySet() throws Exception {
        String old = signed(good());
        assertPasses(old);
        publish(keys(rsa.toPublicJWK().toJSONString()));
        assertRefused("a key that was taken out, although its token was cached", old);
        for (String rubbish : List.of("{}", "{\"keys\":[]}", keys(), "rubbish")) {
            try {
                publish(rubbish);
            } catch (IllegalArgumentException refused) {
                // A configuration that is refused as a whole leaves the one before in force.
                continue;
            }
            assertRefused("with the key set " + rubbish, old);
        }
        publish(keys(ec.toPublicJWK().toJSONString()));
        assertPasses(old);
    }
}
