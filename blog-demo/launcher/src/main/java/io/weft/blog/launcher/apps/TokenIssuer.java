package io.weft.blog.launcher.apps;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Gets tokens of every kind: real ones from the issuer, and bad ones. */
public final class TokenIssuer {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int KEY_BITS = 2048;

    private final Target issuer;

    /**
     * @param issuer the authorization server, spoken to directly
     */
    public TokenIssuer(Target issuer) {
        this.issuer = issuer;
    }

    /** A token of a person (admin, editor or reader), as a script gets it by client credentials. */
    public String tokenOf(String person) throws IOException {
        String credentials =
                Base64.getEncoder()
                        .encodeToString(
                                (person + ":" + person + "-secret")
                                        .getBytes(StandardCharsets.UTF_8));
        HttpQuestion question =
                new HttpQuestion(
                        "POST",
                        Topology.AUTH_HOST,
                        "/oauth2/token",
                        List.of(
                                Map.entry("authorization", "Basic " + credentials),
                                Map.entry("content-type", "application/x-www-form-urlencoded")),
                        "grant_type=client_credentials");
        return field(question, "access_token");
    }

    /** A token that was good until a while ago. */
    public String expired() throws IOException {
        String request = "{\"subject\":\"editor\",\"role\":\"editor\",\"expiresInSeconds\":-600}";
        return field(
                HttpQuestion.json("POST", Topology.AUTH_HOST, "/demo/token", request), "token");
    }

    /** A token with another role than was signed. */
    public static String tampered(String token, String role, String forgedRole) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String forged =
                claims.replace("\"role\":\"" + role + "\"", "\"role\":\"" + forgedRole + "\"");
        if (forged.equals(claims)) {
            throw new IllegalArgumentException(
                    "claims: " + claims + " (expected: role " + role + ")");
        }
        return parts[0] + "." + base64(forged.getBytes(StandardCharsets.UTF_8)) + "." + parts[2];
    }

    /** A token with the right claims, signed by somebody else. */
    public static String foreign(Instant now) {
        String header = "{\"alg\":\"RS256\",\"kid\":\"somebody-else\"}";
        String claims =
                "{\"iss\":\"https://%s\",\"sub\":\"editor\",\"aud\":[\"blog-api\"],\"role\":\"editor\",\"iat\":%d,\"exp\":%d}"
                        .formatted(
                                Topology.AUTH_HOST,
                                now.getEpochSecond(),
                                now.plus(Duration.ofHours(1)).getEpochSecond());
        String content =
                base64(header.getBytes(StandardCharsets.UTF_8))
                        + "."
                        + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            KeyPair keys = generator.generateKeyPair();
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can sign with RSA", e);
        }
    }

    private String field(HttpQuestion question, String name) throws IOException {
        HttpAnswer answer = HttpConnection.once(issuer, question, TIMEOUT);
        if (answer.status() != 200) {
            throw new IOException(
                    question.describe() + ": " + answer.status() + " " + answer.body());
        }
        return JsonMapper.shared().readTree(answer.body()).path(name).asString();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
