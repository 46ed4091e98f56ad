package io.weft.testkit.lab.client;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to send.
 *
 * @param path with its query, as it shall stand on the wire
 * @param authority for {@code Host} and {@code :authority} where the headers do not say
 * @param scheme {@code http} or {@code https}
 * @param headers name and value, in order; repeats are kept
 * @param body null for none
 */
public record Outgoing(
        Protocol protocol,
        String method,
        String path,
        String authority,
        String scheme,
        List<Header> headers,
        @Nullable String body,
        Duration timeout) {

    public Outgoing {
        headers = List.copyOf(headers);
    }

    /** The values of a header, whatever its case. */
    List<String> values(String name) {
        return headers.stream()
                .filter(each -> each.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    boolean has(String name) {
        return !values(name).isEmpty();
    }
}
