package io.weft.policy.api;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that the web port offers passes here: reading is for viewers (for anybody, where that
 * is configured), the rest for operators. Cookies count for nothing here ({@link ConsoleLogin}
 * stands before it); what another site sends is refused. Who shows wrong tokens too often is not
 * listened to for a while.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
final class AccessGuard implements WebFilter {

    private static final Logger AUDIT = LoggerFactory.getLogger("weft.audit");
    private static final Set<HttpMethod> READING =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Questions that only need a body. */
    private static final Set<List<String>> QUESTIONS =
            Set.of(List.of("api", "v1", "explain"), List.of("api", "v1", "preview"));

    private static final Set<String> OPEN_ENDPOINTS = Set.of("health", "prometheus");

    private final People people;
    private final boolean anonymousReads;
    private final FailedLogins failures;

    AccessGuard(People people, boolean anonymousReads, FailedLogins failures) {
        this.people = people;
        this.anonymousReads = anonymousReads;
        this.failures = failures;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        List<String> path = segments(request);
        boolean reading = READING.contains(request.getMethod()) || QUESTIONS.contains(path);
        if (isOpen(path) && reading) {
            return chain.filter(exchange);
        }
        if (isFromAnotherSite(request)) {
            return refuse(exchange, HttpStatus.FORBIDDEN, "requests of other sites are refused");
        }
        String remote = remote(request);
        if (failures.isBlocked(remote)) {
            exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, "60");
            return refuse(
                    exchange, HttpStatus.TOO_MANY_REQUESTS, "too many tokens that do not hold");
        }
        return switch (people.caller(authorization(request))) {
            case People.Caller.Nobody nobody ->
                    reading && anonymousReads
                            ? chain.filter(exchange)
                            : unauthorized(exchange, "expected: Authorization: Bearer TOKEN");
            case People.Caller.Refused(String reason) -> {
                failures.failed(remote);
                AUDIT.warn(
                        "event=api-login-refused remote={} method={} reason=\"{}\"",
                        remote,
                        request.getMethod(),
                        reason);
                yield unauthorized(exchange, "token: " + reason);
            }
            case People.Caller.Known known -> known(exchange, chain, known, reading);
        };
    }

    private Mono<Void> known(
            ServerWebExchange exchange,
            WebFilterChain chain,
            People.Caller.Known known,
            boolean reading) {
        People.Role needed = reading ? People.Role.VIEWER : People.Role.OPERATOR;
        if (!known.roles().contains(needed)) {
            return refuse(
                    exchange,
                    HttpStatus.FORBIDDEN,
                    "role " + needed.name().toLowerCase(Locale.ROOT) + " is needed");
        }
        if (!reading) {
            AUDIT.info(
                    "event=api-change who=\"{}\" method={} path={}",
                    known.name().replaceAll("[^ -!#-~]", "?"),
                    exchange.getRequest().getMethod(),
                    exchange.getRequest().getPath().value().replaceAll("[^!-~]", "?"));
        }
        return chain.filter(exchange);
    }

    /** As handlers are found: decoded, without parameters, however it was spelt. */
    private static List<String> segments(ServerHttpRequest request) {
        return request.getPath().elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(each -> ((PathContainer.PathSegment) each).valueToMatch())
                .toList();
    }

    /** Probes, metrics and the page itself hold nothing that people should not see. */
    private static boolean isOpen(List<String> path) {
        String first = path.isEmpty() ? "" : path.getFirst();
        if (first.equals("actuator")) {
            return path.size() > 1 && OPEN_ENDPOINTS.contains(path.get(1));
        }
        return !first.equals("api");
    }

    private static boolean isFromAnotherSite(ServerHttpRequest request) {
        String site = request.getHeaders().getFirst("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private static String authorization(ServerHttpRequest request) {
        String value = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        return value == null ? "" : value;
    }

    static String remote(ServerHttpRequest request) {
        InetSocketAddress address = request.getRemoteAddress();
        return address == null || address.getAddress() == null
                ? "unknown"
                : address.getAddress().getHostAddress();
    }

    private static Mono<Void> unauthorized(ServerWebExchange exchange, String detail) {
        exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return refuse(exchange, HttpStatus.UNAUTHORIZED, detail);
    }

    static Mono<Void> refuse(
            ServerWebExchange exchange, HttpStatus status, @Nullable String detail) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        String body =
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of(
                                        "status", status.value(),
                                        "title", status.getReasonPhrase(),
                                        "detail", String.valueOf(detail)));
        return response.writeWith(
                Mono.just(response.bufferFactory().wrap(body.getBytes(StandardCharsets.UTF_8))));
    }
}
