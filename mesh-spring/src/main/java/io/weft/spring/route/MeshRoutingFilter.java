package io.weft.spring.route;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.setAlreadyRouted;

import io.netty.handler.codec.http.HttpRequest;
import io.weft.dataplane.lane.LaneExchange;
import io.weft.dataplane.lane.MeshClient;
import io.weft.dataplane.lane.MeshRequest;
import io.weft.dataplane.lane.MeshResponse;
import io.weft.spring.lane.Bodies;
import io.weft.spring.lane.GatewayChains;
import io.weft.spring.lane.LaneAttributes;
import io.weft.spring.lane.LaneDispatch;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Routes {@code mesh://host:port}: the request goes through the data plane, with the identity,
 * balancing, retries and mTLS of this workload. Without a port it is the service's only one, or its
 * first that speaks HTTP.
 */
public final class MeshRoutingFilter implements GlobalFilter, Ordered {

    /** The scheme of routes into the mesh. */
    public static final String SCHEME = "mesh";

    /** Asks the control plane for the service's main port. */
    private static final int MAIN_PORT = 0;

    private final Supplier<MeshClient> client;
    private final ObjectProvider<List<HttpHeadersFilter>> headersFilters;

    public MeshRoutingFilter(
            Supplier<MeshClient> client, ObjectProvider<List<HttpHeadersFilter>> headersFilters) {
        this.client = client;
        this.headersFilters = headersFilters;
    }

    /** Just before Gateway's own routing filters. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (isAlreadyRouted(exchange)) {
            return chain.filter(exchange);
        }
        LaneExchange lane = LaneAttributes.lane(exchange);
        CompletionStage<MeshResponse> answer;
        if (lane != null && GatewayChains.DISPATCH_SCHEME.equals(url.getScheme())) {
            answer = LaneDispatch.dispatch(exchange, lane, url);
        } else if (SCHEME.equals(url.getScheme())) {
            answer = client.get().send(request(exchange, url));
        } else {
            return chain.filter(exchange);
        }
        setAlreadyRouted(exchange);
        return Mono.fromCompletionStage(answer)
                .doOnNext(response -> respond(exchange, response))
                .then(chain.filter(exchange));
    }

    private MeshRequest request(ServerWebExchange exchange, URI url) {
        HttpHeaders headers =
                HttpHeadersFilter.filterRequest(headersFilters.getIfAvailable(List::of), exchange);
        HttpRequest head =
                LaneDispatch.head(
                        exchange.getRequest().mutate().headers(h -> replace(h, headers)).build(),
                        LaneDispatch.target(url));
        if (!exchange.getAttributeOrDefault(PRESERVE_HOST_HEADER_ATTRIBUTE, false)) {
            head.headers().set("host", url.getAuthority());
        }
        int port = url.getPort() < 0 ? MAIN_PORT : url.getPort();
        return new MeshRequest(
                url.getHost() + ":" + port,
                head,
                Bodies.toContents(exchange.getRequest().getBody(), () -> null));
    }

    private static void replace(HttpHeaders target, HttpHeaders source) {
        target.clear();
        target.addAll(source);
    }

    private void respond(ServerWebExchange exchange, MeshResponse answer) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(answer.head().status().code()));
        answer.head()
                .headers()
                .forEach(header -> response.getHeaders().add(header.getKey(), header.getValue()));
        LaneAttributes.response(exchange, answer);
    }
}
