package io.weft.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a push notification comes from the Git server: {@code X-Hub-Signature-256} of GitHub,
 * Gitea and Forgejo, which is an HMAC-SHA256 over the body, or the shared token that GitLab sends.
 * Compared in constant time.
 */
record WebhookSignature(Secret secret) {

    private static final String PREFIX = "sha256=";

    boolean isValid(byte[] body, @Nullable String signature, @Nullable String token) {
        if (signature == null) {
            return token != null && secret.matches(token);
        }
        if (!signature.startsWith(PREFIX) || signature.length() != PREFIX.length() + 64) {
            return false;
        }
        try {
            byte[] given = HexFormat.of().parseHex(signature.substring(PREFIX.length()));
            return MessageDigest.isEqual(given, hmac(body));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            secret.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
