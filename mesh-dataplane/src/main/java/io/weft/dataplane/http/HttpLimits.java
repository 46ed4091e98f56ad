package io.weft.dataplane.http;

import java.time.Duration;

/**
 * Bounds on what one peer can make the proxy hold; bytes unless stated.
 *
 * @param initialLine of HTTP/1.1
 * @param headers all names and values of one message
 * @param headerCount headers of one message
 * @param replayBuffer request body kept for retries; a longer one is not retried
 * @param streams concurrent HTTP/2 streams of one connection
 * @param headerTimeout from a connection's first byte, or the end of a request, to the next head
 * @param handshakeTimeout of TLS, and of detecting a protocol
 * @param keepAlive idle time after which a downstream connection is closed
 * @param stalled how long a peer may leave a request unfinished, or an answer untaken, without
 *     moving a byte of it
 * @param tcpIdle idle time of opaque connections where no route says otherwise
 * @param waitingRequests requests that may wait for routes at one time
 */
public record HttpLimits(
        int initialLine,
        int headers,
        int headerCount,
        int replayBuffer,
        int streams,
        Duration headerTimeout,
        Duration handshakeTimeout,
        Duration keepAlive,
        Duration stalled,
        Duration tcpIdle,
        int waitingRequests) {

    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    16 << 10,
                    60 << 10,
                    100,
                    64 << 10,
                    100,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(15),
                    Duration.ofHours(1),
                    Duration.ofMinutes(5),
                    Duration.ofHours(1),
                    1024);
}
