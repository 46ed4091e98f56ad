package io.weft.spring.lane;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshResponse;
import java.net.URI;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** Hands a request that went through the filters back to the data plane. */
public final class LaneDispatch {

    private LaneDispatch() {}

    /** Dispatches by the mesh route of the exchange, as the filters left the request. */
    public static CompletionStage<MeshResponse> dispatch(
            ServerWebExchange exchange, LaneExchange lane, URI target) {
        ServerHttpRequest request = exchange.getRequest();
        LaneRequest original = LaneAttributes.request(exchange);
        HttpRequest head =
                head(
                        request,
                        original == null ? target(target) : original.target().forward(target));
        return lane.dispatch(
                lane.permit(),
                head,
                Bodies.toContents(
                        request.getBody(), () -> original == null ? null : original.trailers()));
    }

    /** A Netty head with the method and headers of a Spring request. */
    public static HttpRequest head(ServerHttpRequest request, String target) {
        DefaultHttpRequest head =
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(request.getMethod().name()),
                        target);
        request.getHeaders().forEach((name, values) -> head.headers().add(name, values));
        return head;
    }

    /** Origin form of a URI. */
    public static String target(URI uri) {
        @Nullable String query = uri.getRawQuery();
        String path =
                uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return query == null ? path : path + "?" + query;
    }
}
