package io.weft.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the repository lies. Only schemes that cannot run a program are taken ({@code ext::} and
 * its like can), and credentials are taken out of the URI at once, so that no log line, header or
 * error page can show them.
 */
sealed interface GitUri {

    Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
    Pattern SCP_LIKE =
            Pattern.compile(
                    "([A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?![:/]{2})[A-Za-z0-9._~/+@-]+");

    /** The URI as it may be shown to anybody: without credentials, without a slash at the end. */
    String display();

    /** A repository on this machine, bare or not, read in place and never written to. */
    record Local(Path folder) implements GitUri {

        @Override
        public String display() {
            String uri = folder.toUri().toString();
            return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
        }
    }

    /**
     * A repository behind a Git server.
     *
     * @param display what JGit is given too: a URI without a password
     * @param user user of the URI's user-info over http, as credentials; over ssh the user stays in
     *     the URI
     * @param password password of the URI's user-info
     */
    record Remote(String display, @Nullable String user, @Nullable Secret password)
            implements GitUri {}

    /**
     * Parses what the operator has set.
     *
     * @throws ConfigurationProblem when it is no URI that this service may read from
     */
    static GitUri parse(String text) {
        String uri = text.strip();
        if (uri.isEmpty()) {
            throw new ConfigurationProblem(
                    "weft.config.git.uri: not set (expected: the URI of a Git repository, as"
                            + " file:///srv/config, https://host/config.git or ssh://git@host/config.git)");
        }
        if (uri.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw problem("[not printable]", "no control characters");
        }
        if (uri.startsWith("/")) {
            return local(uri, uri);
        }
        Matcher scheme = SCHEME.matcher(uri);
        if (scheme.matches()) {
            switch (scheme.group(1).toLowerCase(Locale.ROOT)) {
                case "file" -> {
                    return local(uri, filePath(uri, scheme.group(2)));
                }
                case "http", "https", "ssh" -> {
                    return remote(uri);
                }
                default -> {
                    // A host name before a colon looks like a scheme: decided below.
                }
            }
        }
        if (SCP_LIKE.matcher(uri).matches() && uri.indexOf("::") < 0) {
            return new Remote(uri, null, null);
        }
        throw problem(redacted(uri), "a file:, http:, https: or ssh: URI, or user@host:path");
    }

    private static String filePath(String uri, String rest) {
        if (!rest.startsWith("//")) {
            return decoded(rest);
        }
        String path = rest.substring(2);
        if (!path.startsWith("/")) {
            throw problem(uri, "file:///path, without a host");
        }
        return decoded(path);
    }

    private static String decoded(String path) {
        try {
            String decoded = new URI("file", null, "/", null).resolve(path).getPath();
            return path.startsWith("/") && decoded != null ? decoded : path;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return path; // Not escaped, a blank for instance: taken as it stands.
        }
    }

    private static Local local(String uri, String path) {
        try {
            return new Local(Path.of(path).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw problem(uri, "the path of a folder");
        }
    }

    private static Remote remote(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw problem(redacted(text), "a well-formed URI");
        }
        if (uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw problem(redacted(text), "a URI with a host and a path");
        }
        String userInfo = uri.getUserInfo();
        if (userInfo == null) {
            return new Remote(text, null, null);
        }
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        Secret password = colon < 0 ? null : new Secret(userInfo.substring(colon + 1));
        boolean ssh = "ssh".equalsIgnoreCase(uri.getScheme());
        String shown =
                text.replaceFirst(
                        "//[^/]*@", ssh ? "//" + Matcher.quoteReplacement(user) + "@" : "//");
        return new Remote(shown, ssh && password == null ? null : user, password);
    }

    /** What follows {@code ://} up to the last {@code @} of the authority is left out. */
    private static String redacted(String uri) {
        return uri.replaceFirst("(://|^)[^/@]*:[^/]*@", "$1");
    }

    private static ConfigurationProblem problem(String value, String expected) {
        return new ConfigurationProblem(
                "weft.config.git.uri: " + value + " (expected: " + expected + ")");
    }
}
