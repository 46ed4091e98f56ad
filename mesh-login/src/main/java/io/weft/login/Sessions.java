package io.weft.login;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;

/** What a session holds, and how its token is kept fresh. Thread-safe. */
final class Sessions {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    /** Refreshed this long before its end, so that it does not end on its way. */
    private static final Duration EARLY = Duration.ofSeconds(30);

    /** How long the outcome of a refresh is given to requests that still bring the old cookie. */
    private static final Duration SHARED = Duration.ofSeconds(20);

    private static final int MOST_SHARED = 10_000;

    private final LoginSettings settings;
    private final InstantSource clock;
    private final ProviderCalls provider;

    /** A browser sends many requests at once; most providers take a refresh token only once. */
    private final Map<String, Refresh> refreshes = new ConcurrentHashMap<>();

    private record Refresh(long until, CompletableFuture<Sealed.@Nullable Session> outcome) {}

    Sessions(LoginSettings settings, InstantSource clock, ProviderCalls provider) {
        this.settings = settings;
        this.clock = clock;
        this.provider = provider;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    Sealed.Session begin(Provider.Tokens tokens, String host) {
        return session(
                host,
                now() + settings.sessionLifetime().toSeconds(),
                tokens.id(),
                tokens.id().getTokenValue(),
                tokens.response(),
                null);
    }

    private Sealed.Session session(
            String host,
            long ends,
            @Nullable Jwt freshId,
            @Nullable String idToken,
            OAuth2AccessTokenResponse response,
            Sealed.@Nullable Session before) {
        boolean id = settings.forward() == LoginSettings.Forward.ID_TOKEN;
        OAuth2RefreshToken refresh = response.getRefreshToken();
        String kept = before == null ? null : before.refresh();
        Instant idEnds = freshId == null ? null : freshId.getExpiresAt();
        Instant accessEnds = response.getAccessToken().getExpiresAt();
        Instant tokenEnds = id ? idEnds : accessEnds;
        String subject = freshId == null ? null : freshId.getSubject();
        if (id && freshId == null) {
            throw new JwtException("the provider has sent no new ID token");
        }
        if (before != null && subject != null && !subject.equals(before.subject())) {
            throw new JwtException("the refreshed ID token is somebody else's");
        }
        return new Sealed.Session(
                Sealed.Session.USE,
                settings.name(),
                host,
                ends,
                subject != null ? subject : before == null ? "" : before.subject(),
                id && freshId != null
                        ? freshId.getTokenValue()
                        : response.getAccessToken().getTokenValue(),
                tokenEnds == null ? ends : tokenEnds.getEpochSecond(),
                refresh == null ? kept : refresh.getTokenValue(),
                id ? null : idToken);
    }

    /** Whether its token has to be refreshed before it is used. */
    boolean due(Sealed.Session session) {
        return session.tokenEnds() - EARLY.toSeconds() <= now();
    }

    /** The session with a fresh token; itself while its token lasts; null when it is over. */
    CompletableFuture<Sealed.@Nullable Session> refreshed(Sealed.Session session) {
        String refresh = session.refresh();
        if (refresh == null) {
            return CompletableFuture.completedFuture(orOver(session));
        }
        long now = now();
        if (refreshes.size() >= MOST_SHARED / 2) {
            refreshes.values().removeIf(one -> one.until() < now);
        }
        if (refreshes.size() >= MOST_SHARED) {
            return CompletableFuture.completedFuture(orOver(session));
        }
        // The seal's secret is never a key of the map: the hash says as much.
        String key = Provider.hash(refresh + "\n" + session.host());
        CompletableFuture<Sealed.@Nullable Session> mine = new CompletableFuture<>();
        Refresh shared =
                refreshes.compute(
                        key,
                        (same, there) ->
                                there != null && there.until() >= now
                                        ? there
                                        : new Refresh(now + SHARED.toSeconds(), mine));
        if (shared.outcome() == mine) {
            provider.ask(p -> fresh(p, session, refresh))
                    .whenComplete((fresh, failure) ->
                            mine.complete(fresh != null ? fresh : lost(session, failure)));
        }
        return shared.outcome();
    }

    private Sealed.Session fresh(Provider p, Sealed.Session session, String refresh) {
        OAuth2AccessTokenResponse response = p.refresh(refresh);
        Jwt id = p.idToken(response);
        return session(
                session.host(),
                session.ends(),
                id,
                id == null ? session.idToken() : id.getTokenValue(),
                response,
                session);
    }

    private Sealed.@Nullable Session lost(Sealed.Session session, @Nullable Throwable failure) {
        LOG.info(
                "login {}: a token was not refreshed: {}",
                settings.name(),
                failure == null ? "no answer" : ProviderCalls.cause(failure).getMessage());
        return orOver(session);
    }

    private Sealed.@Nullable Session orOver(Sealed.Session session) {
        return session.tokenEnds() > now() ? session : null;
    }
}
