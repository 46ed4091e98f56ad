package io.weft.cli;

import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import java.util.Locale;

/** What is called, as the caller writes it. */
record Destination(String scheme, String host, int port) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final String HTTPS_START = "https://";

    static Destination parse(String text) {
        boolean https = text.startsWith(HTTPS_START);
        String rest = text.replaceFirst("^https?://", "").replaceFirst("/$", "");
        int colon = rest.lastIndexOf(':');
        String host = (colon < 0 ? rest : rest.substring(0, colon)).toLowerCase(Locale.ROOT);
        try {
            int port =
                    colon < 0 ? https ? HTTPS : HTTP : Integer.parseInt(rest.substring(colon + 1));
            if (!host.isEmpty() && !host.contains("/") && port > 0 && port <= 65535) {
                return new Destination(https ? "https" : "http", host, port);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new CommandProblem(
                ExitCodes.USAGE,
                "--to: " + text + " (expected: HOST:PORT, for example blog-api.blog:8080)");
    }

    /** As clients write it into a request: without the scheme's own port. */
    String authority() {
        return port == (scheme.equals("https") ? HTTPS : HTTP) ? host : toString();
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
