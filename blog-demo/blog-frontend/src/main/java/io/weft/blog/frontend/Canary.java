package io.weft.blog.frontend;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The wish to see the new release, which goes on with every call as the header {@code canary:
 * true}: from that header of the page's own request, or from a cookie, since a browser cannot be
 * made to send a header.
 */
final class Canary {

    static final String NAME = "canary";

    private Canary() {}

    static boolean isWanted(HttpServletRequest request) {
        return "true".equals(request.getHeader(NAME)) || "true".equals(cookie(request));
    }

    private static @Nullable String cookie(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? null
                : Arrays.stream(cookies)
                        .filter(cookie -> NAME.equals(cookie.getName()))
                        .map(Cookie::getValue)
                        .findFirst()
                        .orElse(null);
    }

    static ClientHttpRequestInterceptor interceptor() {
        return (request, body, execution) -> {
            if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes page
                    && isWanted(page.getRequest())) {
                request.getHeaders().set(NAME, "true");
            }
            return execution.execute(request, body);
        };
    }
}
