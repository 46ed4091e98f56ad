package io.weft.policy.api;

import io.weft.policy.join.JoinToken;
import io.weft.policy.server.PolicyServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code POST /api/v1/tokens}: a one-time join token; for operators, as AccessGuard sees to. */
@RestController
final class TokenController {

    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);

    private final PolicyServer server;

    TokenController(PolicyServer server) {
        this.server = server;
    }

    @PostMapping(value = "/api/v1/tokens", consumes = "application/json")
    @ResponseStatus(HttpStatus.CREATED)
    Mono<TokenView> create(@RequestBody TokenRequest request) {
        // The token is stored before it is told: a file is written.
        return Mono.fromCallable(() -> make(request)).subscribeOn(Schedulers.boundedElastic());
    }

    private TokenView make(TokenRequest request) throws IOException {
        String namespace = Objects.requireNonNullElse(request.namespace(), "");
        String account = Objects.requireNonNullElse(request.serviceAccount(), "");
        Duration life =
                request.expiresInSeconds() == null
                        ? DEFAULT_LIFE
                        : Duration.ofSeconds(request.expiresInSeconds());
        JoinToken made = server.tokens().create(namespace, account, life);
        return new TokenView(
                made.id(),
                made.token().reveal(),
                made.namespace(),
                made.serviceAccount(),
                made.expiresAt());
    }

    /** What is asked for; an hour when no expiry is given. */
    record TokenRequest(
            @Nullable String namespace,
            @Nullable String serviceAccount,
            @Nullable Long expiresInSeconds) {}

    /** The only time that the token is shown. */
    record TokenView(
            String id, String token, String namespace, String serviceAccount, Instant expiresAt) {

        @Override
        public String toString() {
            return "TokenView[id=" + id + "]";
        }
    }
}
