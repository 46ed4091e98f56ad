package io.weft.policy.api;

import io.weft.login.LoginOutcome;
import io.weft.login.LoginRequest;
import io.weft.login.Logins;
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
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Turns the session of a browser into the bearer token that {@link AccessGuard} looks at, and sends
 * people without one to log in. What a cookie alone vouches for changes nothing unless a page of
 * this origin has asked for it.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
final class ConsoleLogin implements WebFilter {

    private static final Logger AUDIT = LoggerFactory.getLogger("weft.audit");
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> FAILED =
            Set.of("login_unknown_state", "login_refused", "login_denied");

    private final Logins logins;
    private final FailedLogins failures;

    ConsoleLogin(Logins logins, FailedLogins failures) {
        this.logins = logins;
        this.failures = failures;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        String remote = AccessGuard.remote(request);
        if (request.getURI().getPath().startsWith("/.weft/") && failures.isBlocked(remote)) {
            exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, "60");
            return AccessGuard.refuse(
                    exchange, HttpStatus.TOO_MANY_REQUESTS, "too many logins that failed");
        }
        LoginRequest asked = asked(request);
        return Mono.fromCompletionStage(() -> logins.admit(asked))
                .flatMap(outcome ->
                        switch (outcome) {
                            case LoginOutcome.Pass pass -> pass(exchange, chain, asked, pass);
                            case LoginOutcome.Answer answer -> {
                                if (FAILED.contains(answer.details())) {
                                    failures.failed(remote);
                                    AUDIT.warn(
                                            "event=console-login-refused remote={}" + " reason={}",
                                            remote,
                                            answer.details());
                                }
                                yield answer(exchange.getResponse(), answer);
                            }
                        });
    }

    private static LoginRequest asked(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        String host = headers.getFirst(HttpHeaders.HOST);
        return new LoginRequest(
                request.getMethod().name(),
                String.valueOf(request.getURI().getScheme()),
                host == null ? "" : host,
                request.getURI().getRawPath(),
                request.getURI().getRawQuery(),
                name -> joined(headers, name));
    }

    private static @Nullable String joined(HttpHeaders headers, String name) {
        List<String> values = headers.getOrEmpty(name);
        return values.isEmpty() ? null : String.join(name.equals("cookie") ? "; " : ",", values);
    }

    private static Mono<Void> pass(
            ServerWebExchange exchange,
            WebFilterChain chain,
            LoginRequest asked,
            LoginOutcome.Pass pass) {
        String token = pass.headers().getOrDefault("authorization", "");
        boolean session = !token.isEmpty();
        if (session && !READING.contains(asked.method()) && !asked.sameOrigin()) {
            return AccessGuard.refuse(
                    exchange,
                    HttpStatus.FORBIDDEN,
                    "a session changes something only from a page of this origin");
        }
        pass.cookies()
                .forEach(cookie ->
                        exchange.getResponse().getHeaders().add(HttpHeaders.SET_COOKIE, cookie));
        return chain.filter(
                exchange.mutate()
                        .request(request ->
                                request.headers(headers -> change(headers, pass.headers())))
                        .build());
    }

    private static void change(HttpHeaders headers, Map<String, String> changes) {
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                headers.remove(name);
            } else {
                headers.set(name, value);
            }
        });
    }

    private static Mono<Void> answer(ServerHttpResponse response, LoginOutcome.Answer answer) {
        response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
        answer.headers()
                .forEach((name, value) -> {
                    // The port's own policy stays: it is at least as strict.
                    if (!name.toLowerCase(Locale.ROOT).equals("content-security-policy")) {
                        response.getHeaders().set(name, value);
                    }
                });
        answer.cookies().forEach(cookie -> response.getHeaders().add("Set-Cookie", cookie));
        return response.writeWith(
                Mono.just(
                        response.bufferFactory()
                                .wrap(answer.body().getBytes(StandardCharsets.UTF_8))));
    }
}
