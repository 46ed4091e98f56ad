package io.weft.spring.route;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.spring.lane.Bodies;
import io.weft.spring.lane.LaneAttributes;
import io.weft.spring.lane.TrailerSink;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Writes the mesh's answer when every filter has seen it; trailers go with it. */
public final class MeshWriteResponseFilter implements GlobalFilter, Ordered {

    /** Where Gateway writes its own answers, so that filters keep their order relative to it. */
    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange)
                .then(Mono.defer(() -> write(exchange)))
                .doOnError(error -> drop(exchange))
                .doOnCancel(() -> drop(exchange));
    }

    private static Mono<Void> write(ServerWebExchange exchange) {
        MeshResponse answer = LaneAttributes.takeResponse(exchange);
        if (answer == null) {
            return Mono.empty();
        }
        ServerHttpResponse response = exchange.getResponse();
        Flux<DataBuffer> body =
                Bodies.toBuffers(answer.body(), trailers(nativeResponse(response), answer));
        return response.writeAndFlushWith(body.map(Flux::just));
    }

    private static Consumer<HttpHeaders> trailers(Object target, MeshResponse answer) {
        if (target instanceof TrailerSink sink) {
            return sink::trailers;
        }
        boolean grpc =
                String.valueOf(answer.head().headers().get("content-type"))
                        .startsWith("application/grpc");
        if (grpc && target instanceof HttpServerResponse reactor) {
            AtomicReference<@Nullable HttpHeaders> received = new AtomicReference<>();
            reactor.header("trailer", "grpc-status, grpc-message");
            reactor.trailerHeaders(headers -> {
                HttpHeaders trailers = received.get();
                if (trailers != null) {
                    headers.add(trailers);
                }
            });
            return received::set;
        }
        return ignored -> {};
    }

    private static Object nativeResponse(ServerHttpResponse response) {
        return ServerHttpResponseDecorator.getNativeResponse(response);
    }

    private static void drop(ServerWebExchange exchange) {
        MeshResponse unread = LaneAttributes.takeResponse(exchange);
        if (unread != null) {
            Bodies.discard(unread.body());
        }
    }
}
