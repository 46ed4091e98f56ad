package io.weft.login;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where people log in, and what for.
 *
 * @param name part of the cookies' names: letters, digits and dashes
 * @param issuer of the OpenID Connect provider; its metadata is found there
 * @param clientSecret null for a public client: PKCE is used either way
 * @param hosts {@code blog.example.com} or {@code *.example.com}
 * @param paths prefixes, by segments, that need a login
 * @param publicPaths prefixes among them that do not; who is logged in is told there, too
 * @param logoutTo path to which a browser is sent after a logout
 * @param forward which token goes on with the request
 * @param forwardHeader {@code authorization} takes it as a bearer token, any other as it is
 * @param bearer whether a request's own bearer token may go on in place of a login; the policies
 *     behind must judge it then
 * @param sessionLifetime after which one logs in again, whatever was refreshed
 * @param allowPlainHttp for development: logins, and the provider, without TLS
 */
public record LoginSettings(
        String name,
        String issuer,
        String clientId,
        @Nullable String clientSecret,
        List<String> scopes,
        List<String> hosts,
        List<String> paths,
        List<String> publicPaths,
        String callbackPath,
        String logoutPath,
        String logoutTo,
        Forward forward,
        String forwardHeader,
        boolean bearer,
        Duration sessionLifetime,
        boolean allowPlainHttp) {

    /** Which token goes on. */
    public enum Forward {
        ACCESS_TOKEN,
        ID_TOKEN
    }

    public LoginSettings {
        scopes = List.copyOf(scopes);
        hosts = List.copyOf(hosts);
        paths = List.copyOf(paths);
        publicPaths = List.copyOf(publicPaths);
        require(name.matches("[a-z0-9-]{1,32}"), "name", name, "letters, digits and dashes");
        URI at = URI.create(issuer);
        require(at.getHost() != null, "issuer", issuer, "a URL");
        require(
                allowPlainHttp || "https".equals(at.getScheme()),
                "issuer",
                issuer,
                "https, or allow-plain-http for development");
        require(!clientId.isBlank(), "client-id", clientId, "the one the provider knows");
        require(scopes.contains("openid"), "scopes", scopes, "openid among them");
        require(!hosts.isEmpty(), "hosts", hosts, "at least one");
        for (String host : hosts) {
            require(host.matches("(\\*\\.)?[a-z0-9.-]+"), "hosts", host, "lower-case names");
        }
        for (String path : List.of(callbackPath, logoutPath, logoutTo)) {
            require(
                    path.matches("/[A-Za-z0-9._/-]*") && !path.startsWith("//"),
                    "path",
                    path,
                    "/…");
        }
        require(!sessionLifetime.isNegative(), "session-lifetime", sessionLifetime, "a duration");
    }

    private static void require(boolean holds, String what, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "login " + what + ": " + value + " (expected: " + expected + ")");
        }
    }

    boolean serves(String host) {
        for (String one : hosts) {
            if (one.equals(host)
                    || (one.startsWith("*.")
                            && host.endsWith(one.substring(1))
                            && host.length() > one.length() - 1)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a login is asked for; in doubt about how a path is meant, it is. */
    boolean needed(String path) {
        boolean plain = Paths.isPlain(path);
        if (plain && Paths.isBelow(publicPaths, path)) {
            return false;
        }
        return Paths.isBelow(paths, path) || (!plain && Paths.isBelow(paths, Paths.meant(path)));
    }

    @Override
    public String toString() {
        return "LoginSettings[" + name + ", " + issuer + ", client " + clientId + "]";
    }
}
