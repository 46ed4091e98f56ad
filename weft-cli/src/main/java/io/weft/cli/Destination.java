package io.weft.cli;

import java.util.Locale;

/** What is called, as the caller writes it. */
record Destination(String host, int port) {

    private static final int HTTP = 80;

    static Destination parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        try {
            int port = colon < 0 ? HTTP : Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && port > 0 && port <= 65535) {
                return new Destination(host, port);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new CommandProblem(
                ExitCodes.USAGE,
                "--to: " + text + " (expected: HOST:PORT, for example blog-api.blog:8080)");
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
