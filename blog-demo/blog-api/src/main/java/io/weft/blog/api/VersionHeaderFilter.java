package io.weft.blog.api;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Tells on every answer which version and which instance gave it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class VersionHeaderFilter implements WebFilter {

    private final ApiVersion version;
    private final String instance;

    VersionHeaderFilter(
            @Value("${blog.version}") ApiVersion version,
            @Value("${blog.instance}") String instance) {
        this.version = version;
        this.instance = instance;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        var headers = exchange.getResponse().getHeaders();
        headers.set("x-blog-version", version.label());
        headers.set("x-blog-instance", instance);
        return chain.filter(exchange);
    }
}
