package io.weft.policy.ca;

import io.weft.model.SpiffeId;
import java.time.Instant;

/**
 * A certificate that was issued.
 *
 * @param serial hexadecimal
 * @param chainPem leaf first, then intermediates
 */
public record IssuedSvid(SpiffeId identity, String serial, Instant notAfter, String chainPem) {}
