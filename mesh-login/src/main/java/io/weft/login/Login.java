package io.weft.login;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.jwt.JwtException;

/** One login: the code flow (OpenID Connect Core §3.1) from the first redirect to the logout. */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final Duration TIME_TO_LOG_IN = Duration.ofMinutes(10);
    private static final int MOST_BEGUN = 5;

    private final LoginSettings settings;
    private final CookieKeys keys;
    private final InstantSource clock;
    private final ProviderCalls provider;
    private final Sessions sessions;
    private final SecureRandom random = new SecureRandom();

    Login(LoginSettings settings, CookieKeys keys, InstantSource clock, ExecutorService threads) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
        this.provider = new ProviderCalls(settings, clock, threads);
        this.sessions = new Sessions(settings, clock, provider);
    }

    boolean serves(String host) {
        return settings.serves(host);
    }

    private String cookie(LoginRequest request) {
        return prefix(request) + settings.name();
    }

    /** A name that browsers give no sibling domain and no plain HTTP the right to write. */
    private static String prefix(LoginRequest request) {
        return request.secure() ? "__Host-weft-" : "weft-";
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    CompletableFuture<LoginOutcome> admit(LoginRequest request) {
        Jar jar = Jar.of(request.header().apply("cookie"), prefix(request));
        if (!request.secure() && !settings.allowPlainHttp()) {
            return done(
                    settings.needed(request.path())
                            ? Answers.problem(
                                    request,
                                    403,
                                    "Forbidden",
                                    "Logins need HTTPS.",
                                    List.of(),
                                    "login_needs_https")
                            : pass(request, jar, null, List.of()));
        }
        if (request.path().equals(settings.callbackPath())) {
            return callback(request.kept(), jar);
        }
        if (request.path().equals(settings.logoutPath())) {
            return logout(request.kept(), jar);
        }
        if (ownToken(request)) {
            return done(pass(request, jar, null, List.of()));
        }
        String sealed = jar.get(cookie(request));
        Sealed.Session session =
                sealed == null
                        ? null
                        : Sealed.session(keys, sealed, settings.name(), request.host(), now());
        return session == null ? without(request.kept(), jar) : with(request, jar, session);
    }

    private CompletableFuture<LoginOutcome> with(
            LoginRequest request, Jar jar, Sealed.Session session) {
        if (!sessions.due(session)) {
            return done(pass(request, jar, session.token(), List.of()));
        }
        LoginRequest kept = request.kept();
        return sessions.refreshed(session)
                .thenCompose(fresh -> {
                    if (fresh == null) {
                        return without(kept, jar);
                    }
                    List<String> cookies = fresh == session ? List.of() : cookies(kept, fresh);
                    return done(pass(kept, jar, fresh.token(), cookies));
                });
    }

    private CompletableFuture<LoginOutcome> without(LoginRequest request, Jar jar) {
        if (request.preflight() || !settings.needed(request.path())) {
            return done(pass(request, jar, null, List.of()));
        }
        if (!request.navigation()) {
            return done(Answers.unauthorized(List.of()));
        }
        return provider.<LoginOutcome>ask(p -> begin(p, request, jar))
                .exceptionally(failure -> unavailable(request, failure));
    }

    /** Who shows a token means that one, logged in or not. */
    private boolean ownToken(LoginRequest request) {
        return settings.bearer() && request.headerOr("authorization", "").startsWith("Bearer ");
    }

    /** What goes on: our cookies never, a token only as we say. */
    private LoginOutcome pass(
            LoginRequest request, Jar jar, @Nullable String token, List<String> cookies) {
        Map<String, String> headers = new HashMap<>();
        if (!jar.isEmpty()) {
            headers.put("cookie", jar.others());
        }
        String name = settings.forwardHeader();
        boolean bearer = name.equals("authorization");
        if (token != null) {
            headers.put(name, bearer ? "Bearer " + token : token);
        } else if (!bearer || !settings.bearer()) {
            headers.put(name, "");
        }
        if (!bearer && !settings.bearer()) {
            headers.put("authorization", "");
        }
        return new LoginOutcome.Pass(headers, cookies);
    }

    // --- there

    private LoginOutcome begin(Provider p, LoginRequest request, Jar jar) {
        String state = secret();
        String nonce = secret();
        OAuth2AuthorizationRequest asked = p.begin(redirectUri(request), state, nonce);
        Sealed.Begun begun =
                new Sealed.Begun(
                        Sealed.Begun.USE,
                        settings.name(),
                        request.host(),
                        now() + TIME_TO_LOG_IN.toSeconds(),
                        state,
                        nonce,
                        String.valueOf(
                                (Object) asked.getAttribute(PkceParameterNames.CODE_VERIFIER)),
                        request.target());
        List<String> cookies = new ArrayList<>();
        List<String> open = jar.names(begunPrefix(request));
        if (open.size() >= MOST_BEGUN) {
            open.forEach(name -> cookies.add(Jar.remove(name, request.secure())));
        }
        cookies.addAll(
                Jar.set(
                        begunCookie(request, state),
                        begun.seal(keys),
                        TIME_TO_LOG_IN.toSeconds(),
                        request.secure()));
        return Answers.redirect(302, asked.getAuthorizationRequestUri(), cookies, "login_redirect");
    }

    private String begunPrefix(LoginRequest request) {
        return cookie(request) + "-begun-";
    }

    /** One for each login under way, so that two tabs do not disturb each other. */
    private String begunCookie(LoginRequest request, String state) {
        return begunPrefix(request) + Provider.hash(state).substring(0, 10);
    }

    private String redirectUri(LoginRequest request) {
        return request.origin() + settings.callbackPath();
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    // --- and back

    private CompletableFuture<LoginOutcome> callback(LoginRequest request, Jar jar) {
        String state = Queries.one(request.query(), "state");
        String sealed = state == null ? null : jar.get(begunCookie(request, state));
        Sealed.Begun begun =
                sealed == null
                        ? null
                        : Sealed.begun(keys, sealed, settings.name(), request.host(), now());
        if (!request.method().equals("GET")
                || state == null
                || begun == null
                || !Provider.same(begun.state(), state)) {
            return done(
                    Answers.problem(
                            request,
                            400,
                            "Bad Request",
                            "This login was not begun here, or it has taken too long.",
                            List.of(),
                            "login_unknown_state"));
        }
        String over = Jar.remove(begunCookie(request, state), request.secure());
        String code = Queries.one(request.query(), "code");
        if (code == null) {
            boolean denied = "access_denied".equals(Queries.one(request.query(), "error"));
            return done(
                    Answers.problem(
                            request,
                            denied ? 403 : 400,
                            denied ? "Forbidden" : "Bad Request",
                            "The provider has not logged you in.",
                            List.of(over),
                            denied ? "login_denied" : "login_refused"));
        }
        return provider.<LoginOutcome>ask(
                        p -> {
                            String issuer = Queries.one(request.query(), "iss");
                            if (issuer != null && !issuer.equals(p.issuer())) {
                                throw new JwtException("another provider has answered (RFC 9207)");
                            }
                            Provider.Tokens tokens = p.exchange(redirectUri(request), begun, code);
                            Sealed.Session session = sessions.begin(tokens, request.host());
                            List<String> cookies = new ArrayList<>(cookies(request, session));
                            cookies.add(over);
                            LOG.info(
                                    "login {}: {} logged in at {}",
                                    settings.name(),
                                    session.subject(),
                                    request.host());
                            // With its origin: a path like //example.com would be another host.
                            return Answers.redirect(
                                    303, request.origin() + begun.target(), cookies, "login_done");
                        })
                .exceptionally(failure -> failed(request, over, failure));
    }

    private List<String> cookies(LoginRequest request, Sealed.Session session) {
        return Jar.set(
                cookie(request),
                session.seal(keys),
                Math.max(1, session.ends() - now()),
                request.secure());
    }

    private LoginOutcome failed(LoginRequest request, String over, Throwable failure) {
        Throwable cause = ProviderCalls.cause(failure);
        boolean refused =
                cause instanceof JwtException
                        || (cause instanceof OAuth2AuthorizationException e
                                && !(cause instanceof ClientAuthorizationException)
                                && !e.getError().getErrorCode().equals("invalid_token_response"));
        if (!refused) {
            return unavailable(request, failure);
        }
        LOG.warn("login {}: a code was refused: {}", settings.name(), cause.getMessage());
        return Answers.problem(
                request,
                401,
                "Unauthorized",
                "The provider has not confirmed this login.",
                List.of(over),
                "login_refused");
    }

    private LoginOutcome unavailable(LoginRequest request, Throwable failure) {
        LOG.warn(
                "login {}: {} cannot be asked: {}",
                settings.name(),
                settings.issuer(),
                ProviderCalls.cause(failure).toString());
        return Answers.problem(
                request,
                503,
                "Service Unavailable",
                "Logging in does not work at the moment.",
                List.of(),
                "login_provider_unavailable");
    }

    // --- out

    private CompletableFuture<LoginOutcome> logout(LoginRequest request, Jar jar) {
        boolean meant =
                request.sameOrigin()
                        && (request.method().equals("POST") || request.method().equals("GET"));
        if (!meant) {
            return done(
                    Answers.problem(
                            request,
                            403,
                            "Forbidden",
                            "A logout is asked for by a page of this site.",
                            List.of(),
                            "login_foreign_logout"));
        }
        String sealed = jar.get(cookie(request));
        Sealed.Session session =
                sealed == null
                        ? null
                        : Sealed.session(keys, sealed, settings.name(), request.host(), now());
        List<String> over =
                jar.names(cookie(request)).stream()
                        .map(name -> Jar.remove(name, request.secure()))
                        .toList();
        String back = request.origin() + settings.logoutTo();
        Function<@Nullable String, LoginOutcome> answer =
                to -> Answers.redirect(303, to == null ? back : to, over, "login_logout");
        if (session == null) {
            return done(answer.apply(null));
        }
        return provider.<LoginOutcome>ask(
                        p -> {
                            String refresh = session.refresh();
                            if (refresh != null) {
                                p.revoke(refresh);
                            }
                            return answer.apply(p.endSession(session.idTokenOrToken(), back));
                        })
                .exceptionally(failure -> answer.apply(null));
    }

    private static CompletableFuture<LoginOutcome> done(LoginOutcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }
}
