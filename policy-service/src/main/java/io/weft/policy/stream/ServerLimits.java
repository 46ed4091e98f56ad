package io.weft.policy.stream;

import java.time.Duration;

/**
 * What a door takes from strangers.
 *
 * @param maxBody bytes of a request
 * @param maxConnections at the same time; more are closed at once
 * @param handshake for TLS
 * @param idle without any byte in either direction
 * @param life of a connection as a whole; zero for no end
 */
record ServerLimits(
        int maxBody, int maxConnections, Duration handshake, Duration idle, Duration life) {

    /** Join: one small request, from anybody. */
    static final ServerLimits JOIN =
            new ServerLimits(
                    64 * 1024,
                    1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30));

    /** The mesh API: long streams, from workloads that have proven who they are. */
    static final ServerLimits MESH =
            new ServerLimits(
                    4 * 1024 * 1024,
                    20_000,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ZERO);
}
