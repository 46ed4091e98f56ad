package io.weft.policy.stream;

import io.weft.model.SpiffeId;
import java.time.Instant;

/**
 * Who is at the other end of an mTLS connection.
 *
 * @param serial of its certificate, hexadecimal
 * @param notAfter when its certificate ends, and with it what it may do on this connection
 * @param root fingerprint of the root that its certificate leads to
 */
public record Peer(SpiffeId identity, String serial, Instant notAfter, String root) {}
