package io.weft.blog.api;

import java.nio.charset.StandardCharsets;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Counts the requests to the API and lets those fail that are planned to. */
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
final class FaultFilter implements WebFilter {

    private final FaultPlan plan;
    private final RequestCounts counts;

    FaultFilter(FaultPlan plan, RequestCounts counts) {
        this.plan = plan;
        this.counts = counts;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getPath().value();
        if (path.startsWith("/demo/") || path.startsWith("/actuator/")) {
            return chain.filter(exchange);
        }
        counts.count(path);
        return plan.take(path)
                .map(fault -> suffer(fault, exchange, chain))
                .orElseGet(() -> chain.filter(exchange));
    }

    private static Mono<Void> suffer(
            FaultPlan.Fault fault, ServerWebExchange exchange, WebFilterChain chain) {
        Integer status = fault.status();
        Mono<Void> end =
                status == null
                        ? Mono.defer(() -> chain.filter(exchange))
                        : Mono.defer(() -> fail(status, exchange));
        return fault.delayMillis() == 0 ? end : Mono.delay(fault.delay()).then(end);
    }

    private static Mono<Void> fail(int status, ServerWebExchange exchange) {
        var response = exchange.getResponse();
        response.setStatusCode(HttpStatusCode.valueOf(status));
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        byte[] body =
                ("{\"status\":" + status + ",\"title\":\"Planned fault\"}")
                        .getBytes(StandardCharsets.UTF_8);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }
}
