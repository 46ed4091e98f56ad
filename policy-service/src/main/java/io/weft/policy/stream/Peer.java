package io.weft.policy.stream;

import io.weft.model.SpiffeId;
import java.time.Instant;

/**
 * Who is at the other end of an mTLS connection.
 *
 * @param notAfter when its certificate ends, and with it what it may do on this connection
 */
public record Peer(SpiffeId identity, Instant notAfter) {}
