package io.weft.model.wire;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a sidecar wants, sent with {@code PUT}.
 *
 * @param routes {@code host:port} of the destinations it uses; their clusters and endpoints follow
 * @param have key to hash of what it holds; only sent before the stream is opened
 */
public record Subscription(List<String> routes, Map<String, String> have) {

    public Subscription {
        routes = List.copyOf(routes);
        have = java.util.Collections.unmodifiableMap(new TreeMap<>(have));
    }
}
