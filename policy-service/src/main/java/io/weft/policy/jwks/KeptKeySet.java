package io.weft.policy.jwks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one issuer's keys.
 *
 * @param json the last good set; null while it was never fetched
 * @param fetchedAt when it was
 * @param attemptedAt the last attempt, good or bad
 * @param error why the last attempt failed, else empty
 * @param failures in a row
 */
record KeptKeySet(
        @Nullable String json,
        @Nullable Instant fetchedAt,
        Instant attemptedAt,
        String error,
        int failures) {

    static KeptKeySet unknown() {
        return new KeptKeySet(null, null, Instant.EPOCH, "", 0);
    }

    KeptKeySet attempted(Instant now) {
        return new KeptKeySet(json, fetchedAt, now, error, failures);
    }

    KeptKeySet succeeded(String keys, Instant now) {
        return new KeptKeySet(keys, now, attemptedAt, "", 0);
    }

    KeptKeySet failed(String reason) {
        return new KeptKeySet(json, fetchedAt, attemptedAt, reason, failures + 1);
    }
}
