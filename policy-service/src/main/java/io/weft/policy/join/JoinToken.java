package io.weft.policy.join;

import io.weft.model.Secret;
import java.time.Instant;

/**
 * A new one-time token; the only time that its text is known.
 *
 * @param id shown in lists and in the audit log
 */
public record JoinToken(
        String id, Secret token, String namespace, String serviceAccount, Instant expiresAt) {}
