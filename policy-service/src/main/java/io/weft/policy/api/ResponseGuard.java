package io.weft.policy.api;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Headers that keep a browser from doing more than show the page; and, while the port is bound to
 * loopback, only local host names: else a web site could read the API through a name of its own
 * that resolves to 127.0.0.1.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ResponseGuard implements WebFilter {

    private static final Set<String> LOCAL =
            Set.of(
                    "localhost",
                    "127.0.0.1",
                    "[::1]",
                    "::1",
                    "0:0:0:0:0:0:0:1",
                    "[0:0:0:0:0:0:0:1]");
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private final boolean loopback;

    ResponseGuard(String address) {
        this.loopback = isLoopback(address);
    }

    static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        if (loopback && !isLocal(exchange.getRequest().getHeaders().getHost())) {
            exchange.getResponse().setStatusCode(HttpStatus.MISDIRECTED_REQUEST);
            return exchange.getResponse().setComplete();
        }
        return chain.filter(exchange);
    }

    private static boolean isLocal(@Nullable InetSocketAddress host) {
        return host != null && LOCAL.contains(host.getHostString().toLowerCase(Locale.ROOT));
    }
}
