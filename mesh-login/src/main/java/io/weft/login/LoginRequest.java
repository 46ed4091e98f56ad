package io.weft.login;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request, as far as logins are concerned.
 *
 * @param scheme as the browser sees it
 * @param authority host, with its port if one was sent
 * @param path without its query; what is served must be this very path
 * @param header a header's values joined, by lower-case name; null when it is absent; asked only
 *     before {@link Logins#admit} returns
 */
public record LoginRequest(
        String method,
        String scheme,
        String authority,
        String path,
        @Nullable String query,
        Function<String, @Nullable String> header) {

    /** Host in lower case, without port and final dot. */
    String host() {
        String host = authority.toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        if (colon > host.lastIndexOf(']')) {
            host = host.substring(0, colon);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static final List<String> ASKED =
            List.of(
                    "accept",
                    "access-control-request-method",
                    "authorization",
                    "cookie",
                    "origin",
                    "sec-fetch-mode",
                    "sec-fetch-site",
                    "x-requested-with");

    /** The same for as long as one likes: what is asked of the headers is copied. */
    LoginRequest kept() {
        Map<String, String> headers = new HashMap<>();
        for (String name : ASKED) {
            String value = header.apply(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return new LoginRequest(method, scheme, authority, path, query, headers::get);
    }

    String origin() {
        return scheme + "://" + authority;
    }

    String target() {
        return query == null ? path : path + "?" + query;
    }

    boolean secure() {
        return scheme.equals("https");
    }

    String headerOr(String name, String otherwise) {
        String value = header.apply(name);
        return value == null ? otherwise : value;
    }

    /** Whether a person waits for a page: everybody else cannot do anything with a redirect. */
    boolean navigation() {
        return (method.equals("GET") || method.equals("HEAD"))
                && acceptsHtml()
                && header.apply("x-requested-with") == null
                && headerOr("sec-fetch-mode", "navigate").equals("navigate");
    }

    boolean acceptsHtml() {
        return headerOr("accept", "").toLowerCase(Locale.ROOT).contains("text/html");
    }

    /** Whether the Fetch standard's preflight is asked, which carries no credentials. */
    boolean preflight() {
        return method.equals("OPTIONS")
                && header.apply("origin") != null
                && header.apply("access-control-request-method") != null;
    }

    /** Whether a page of this very origin, or the person, has made the request. */
    public boolean sameOrigin() {
        String origin = header.apply("origin");
        if (origin != null) {
            return origin.equalsIgnoreCase(origin());
        }
        String site = headerOr("sec-fetch-site", "");
        return site.equals("same-origin") || site.equals("none");
    }
}
