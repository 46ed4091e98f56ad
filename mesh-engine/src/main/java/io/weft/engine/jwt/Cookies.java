package io.weft.engine.jwt;

import org.jspecify.annotations.Nullable;

/** Reads a {@code Cookie} header (RFC 6265 §5.4). */
final class Cookies {

    private Cookies() {}

    /** A cookie's value; values of a name that occurs twice are joined by a comma. */
    static @Nullable String find(String header, String name) {
        String found = null;
        for (String pair : header.split(";")) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && pair.substring(0, equals).strip().equals(name)) {
                String value = unquoted(pair.substring(equals + 1).strip());
                found = found == null ? value : found + "," + value;
            }
        }
        return found;
    }

    /** The header without a cookie; empty when no other is left. */
    static String without(String header, String name) {
        StringBuilder rest = new StringBuilder();
        for (String pair : header.split(";")) {
            int equals = pair.indexOf('=');
            String own = equals < 0 ? pair : pair.substring(0, equals);
            if (!own.strip().equals(name)) {
                rest.append(rest.isEmpty() ? "" : "; ").append(pair.strip());
            }
        }
        return rest.toString();
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
