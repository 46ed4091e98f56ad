package io.weft.policy.jwks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a key set does, for people.
 *
 * @param fetchedAt of the keys in use; null while there are none: then no token verifies
 * @param error why the last attempt failed, else empty
 */
public record JwksStatus(String uri, @Nullable Instant fetchedAt, String error) {}
