package io.weft.engine.match;

/** Reads the host of an authority ({@code host}, {@code host:port}, {@code [v6]:port}). */
public final class Authorities {

    private Authorities() {}

    /**
     * The host without port and without the root's trailing dot; case is left as it is. The same
     * instance when nothing is cut.
     */
    public static String host(String authority) {
        int end = authority.length();
        int colon = authority.lastIndexOf(':');
        if (colon >= 0 && colon > authority.lastIndexOf(']')) {
            end = colon;
        }
        if (end > 1 && authority.charAt(end - 1) == '.') {
            end--;
        }
        return end == authority.length() ? authority : authority.substring(0, end);
    }
}
