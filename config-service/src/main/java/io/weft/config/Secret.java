package io.weft.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A password or token: never printed, compared in constant time. Immutable. */
record Secret(String value) {

    /**
     * Whether {@code candidate} is this secret; the time taken does not depend on where they
     * differ, nor on the length.
     */
    boolean matches(String candidate) {
        return MessageDigest.isEqual(digest(value), digest(candidate));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
