package io.weft.model.wire;

import java.util.List;

/**
 * Asks a sidecar to tell of requests as they end. Empty texts match everything.
 *
 * @param id of the tap
 * @param method exact, upper case
 * @param pathPrefix of the path
 * @param authority exact, lower case
 * @param peer {@code namespace/workload} or {@code namespace} of the other side
 * @param inbound whether requests that come in are told
 * @param outbound whether requests that go out are told
 * @param headers lower-case names of request headers to tell; secrets are never told
 * @param perSecond at most so many a second; what is beyond is counted
 */
public record Tap(
        String id,
        String method,
        String pathPrefix,
        String authority,
        String peer,
        boolean inbound,
        boolean outbound,
        List<String> headers,
        int perSecond) {

    public Tap {
        headers = List.copyOf(headers);
    }
}
