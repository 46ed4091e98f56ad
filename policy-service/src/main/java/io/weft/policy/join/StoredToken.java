package io.weft.policy.join;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a one-time token.
 *
 * @param id its public part
 * @param usedAt null as long as it is unused
 */
record StoredToken(
        String id,
        String hash,
        String namespace,
        String serviceAccount,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant usedAt) {

    StoredToken used(Instant when) {
        return new StoredToken(id, hash, namespace, serviceAccount, createdAt, expiresAt, when);
    }
}
