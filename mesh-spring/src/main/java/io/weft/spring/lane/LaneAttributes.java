package io.weft.spring.lane;

import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** What the bridge keeps on a Spring exchange; typed, so that nobody else needs the names. */
public final class LaneAttributes {

    private static final String EXCHANGE = LaneAttributes.class.getName() + ".exchange";
    private static final String REQUEST = LaneAttributes.class.getName() + ".request";
    private static final String RESPONSE = LaneAttributes.class.getName() + ".response";

    private LaneAttributes() {}

    static void bind(ServerWebExchange exchange, LaneExchange lane, LaneRequest request) {
        exchange.getAttributes().put(EXCHANGE, lane);
        exchange.getAttributes().put(REQUEST, request);
    }

    /** The data plane's exchange below this one; null for a request of Spring's own server. */
    public static @Nullable LaneExchange lane(ServerWebExchange exchange) {
        return exchange.getAttribute(EXCHANGE);
    }

    static @Nullable LaneRequest request(ServerWebExchange exchange) {
        return exchange.getAttribute(REQUEST);
    }

    /** The upstream's answer, until it has been written. */
    public static @Nullable MeshResponse response(ServerWebExchange exchange) {
        return exchange.getAttribute(RESPONSE);
    }

    /** Keeps the upstream's answer for the filter that writes it. */
    public static void response(ServerWebExchange exchange, MeshResponse response) {
        exchange.getAttributes().put(RESPONSE, response);
    }

    /** Takes the answer away: whoever calls is the one to read or discard it. */
    public static @Nullable MeshResponse takeResponse(ServerWebExchange exchange) {
        return (MeshResponse) exchange.getAttributes().remove(RESPONSE);
    }
}
