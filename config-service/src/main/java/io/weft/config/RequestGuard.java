package io.weft.config;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything: lets through only the shapes of {@link PathRules}, and, where an access
 * token is set, only those who know it. Refusals say nothing about what is behind.
 */
final class RequestGuard extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient PathRules rules;
    private final transient Optional<Secret> accessToken;

    RequestGuard(PathRules rules, Optional<Secret> accessToken) {
        this.rules = rules;
        this.accessToken = accessToken;
    }

    @Override
    protected void doFilter(
            HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getRequestURI();
        response.setHeader("X-Content-Type-Options", "nosniff");
        switch (rules.judge(request.getMethod(), path, request.getQueryString())) {
            case MALFORMED -> refuse(response, 400, "Bad Request");
            case WRONG_METHOD -> refuse(response, 405, "Method Not Allowed");
            case CLOSED -> {
                if (isAllowed(path, request.getHeader("Authorization"))) {
                    refuse(response, 404, "Not Found");
                } else {
                    challenge(response);
                }
            }
            case PASS -> {
                if (isAllowed(path, request.getHeader("Authorization"))) {
                    chain.doFilter(request, response);
                } else {
                    challenge(response);
                }
            }
        }
    }

    private boolean isAllowed(String path, @Nullable String authorization) {
        if (accessToken.isEmpty()
                || path.equals("/mesh/webhook")
                || path.equals("/actuator/health")
                || path.startsWith("/actuator/health/")) {
            return true;
        }
        String given = authorization == null ? null : credential(authorization);
        return given != null && accessToken.get().matches(given);
    }

    /**
     * The token of {@code Bearer}, or the password of {@code Basic}, as Spring's config client
     * sends it.
     */
    private static @Nullable String credential(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return null;
        }
        String value = authorization.substring(space + 1).strip();
        return switch (authorization.substring(0, space).toLowerCase(Locale.ROOT)) {
            case "bearer" -> value;
            case "basic" -> password(value);
            default -> null;
        };
    }

    private static @Nullable String password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : pair.substring(colon + 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void challenge(HttpServletResponse response) throws IOException {
        response.setHeader("WWW-Authenticate", "Basic realm=\"config-service\"");
        refuse(response, 401, "Unauthorized");
    }

    private static void refuse(HttpServletResponse response, int status, String title)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write(
                        "{\"title\":\"%s\",\"status\":%d}"
                                .formatted(title, status)
                                .getBytes(StandardCharsets.US_ASCII));
    }
}
