package io.weft.model.wire;

import io.weft.model.Secret;
import java.time.Instant;

/**
 * A JWT-SVID that was issued.
 *
 * @param token compact JWS (RFC 7515)
 */
public record IssuedToken(Secret token, Instant issuedAt, Instant expiresAt) {}
