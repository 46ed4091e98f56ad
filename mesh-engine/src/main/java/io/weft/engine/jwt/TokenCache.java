package io.weft.engine.jwt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that have been verified, by hash, so that a signature is checked once and not for each
 * request. The tokens themselves are not kept. Bounded: the least recently used goes. Thread-safe.
 */
final class TokenCache<T> {

    private static final int CAPACITY = 4096;

    private final Map<Key, T> entries =
            new LinkedHashMap<>(64, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, T> eldest) {
                    return size() > CAPACITY;
                }
            };

    /** SHA-256 of the token, and where in the request it stood. */
    record Key(long a, long b, long c, long d, int location) {}

    static Key key(String token, int location) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.getBytes(StandardCharsets.UTF_8));
            ByteBuffer hash = ByteBuffer.wrap(digest);
            return new Key(
                    hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong(), location);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Nullable T get(Key key) {
        synchronized (entries) {
            return entries.get(key);
        }
    }

    void put(Key key, T value) {
        synchronized (entries) {
            entries.put(key, value);
        }
    }

    void remove(Key key) {
        synchronized (entries) {
            entries.remove(key);
        }
    }

    int size() {
        synchronized (entries) {
            return entries.size();
        }
    }
}
