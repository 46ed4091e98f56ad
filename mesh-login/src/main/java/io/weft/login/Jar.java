package io.weft.login;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of a request, and how ours are written (RFC 6265). What is longer than browsers take
 * is cut into pieces; the first says how many there are.
 */
final class Jar {

    private static final int PIECE = 3500;
    private static final int MOST_PIECES = 10;

    private final Map<String, String> ours = new LinkedHashMap<>();
    private final StringBuilder others = new StringBuilder();

    private Jar() {}

    /**
     * @param prefix what our cookies' names begin with
     */
    static Jar of(@Nullable String header, String prefix) {
        Jar jar = new Jar();
        if (header == null) {
            return jar;
        }
        for (String pair : header.split(";")) {
            String cookie = pair.strip();
            int equals = cookie.indexOf('=');
            String name = equals < 0 ? cookie : cookie.substring(0, equals).strip();
            if (name.startsWith(prefix)) {
                // Of two with one name nobody knows which is meant: neither counts.
                String value = equals < 0 ? "" : cookie.substring(equals + 1).strip();
                jar.ours.merge(name, value, (a, b) -> a.equals(b) ? a : "");
            } else if (!cookie.isEmpty()) {
                jar.others.append(jar.others.isEmpty() ? "" : "; ").append(cookie);
            }
        }
        return jar;
    }

    /** What is left for the application. */
    String others() {
        return others.toString();
    }

    boolean isEmpty() {
        return ours.isEmpty();
    }

    List<String> names(String prefix) {
        return ours.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
    }

    @Nullable String get(String name) {
        String first = ours.get(name);
        int dot = first == null ? -1 : first.indexOf('.');
        if (first == null || dot != 1 || !Character.isDigit(first.charAt(0))) {
            return null;
        }
        int pieces = first.charAt(0) - '0';
        StringBuilder whole = new StringBuilder(first.substring(2));
        for (int i = 1; i < pieces; i++) {
            String piece = ours.get(name + "." + i);
            if (piece == null) {
                return null;
            }
            whole.append(piece);
        }
        return whole.toString();
    }

    /**
     * {@code Set-Cookie} values.
     *
     * @throws IllegalArgumentException when browsers would not keep that much
     */
    static List<String> set(String name, String value, long seconds, boolean secure) {
        int pieces = (value.length() + PIECE - 1) / PIECE;
        if (pieces >= MOST_PIECES) {
            throw new IllegalArgumentException(
                    "session of " + value.length() + " characters (expected: 30,000 at most)");
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            String piece = value.substring(i * PIECE, Math.min(value.length(), (i + 1) * PIECE));
            all.add(
                    (i == 0 ? name + "=" + pieces + "." : name + "." + i + "=")
                            + piece
                            + attributes(seconds, secure));
        }
        return all;
    }

    static String remove(String name, boolean secure) {
        return name + "=" + attributes(0, secure);
    }

    private static String attributes(long seconds, boolean secure) {
        return "; Path=/; Max-Age="
                + seconds
                + (secure ? "; Secure" : "")
                + "; HttpOnly; SameSite=Lax";
    }
}
