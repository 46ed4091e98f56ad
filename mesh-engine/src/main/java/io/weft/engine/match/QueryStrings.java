package io.weft.engine.match;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code application/x-www-form-urlencoded} queries as Envoy does: percent-decoded, {@code +}
 * stays a plus, the first of several values counts. Escapes that are not well formed stay as they
 * are.
 */
public final class QueryStrings {

    private QueryStrings() {}

    /** The first value of a parameter, empty when it has none, null when it is absent. */
    public static @Nullable String first(@Nullable String query, String name) {
        if (query == null) {
            return null;
        }
        int start = 0;
        while (start <= query.length()) {
            int end = partEnd(query, start);
            if (isNamed(query, start, end, name)) {
                int equals = equalsSign(query, start, end);
                return equals == end ? "" : decode(query, equals + 1, end);
            }
            start = end + 1;
        }
        return null;
    }

    /** Whether one of a parameter's values passes; one without a value is empty. */
    static boolean any(@Nullable String query, String name, StringPredicate test) {
        if (query == null) {
            return false;
        }
        for (int start = 0; start <= query.length(); start = partEnd(query, start) + 1) {
            int end = partEnd(query, start);
            if (isNamed(query, start, end, name)) {
                int equals = equalsSign(query, start, end);
                if (test.test(equals == end ? "" : decode(query, equals + 1, end))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** How often a parameter occurs. */
    public static int count(@Nullable String query, String name) {
        int found = 0;
        if (query != null) {
            for (int start = 0; start <= query.length(); start = partEnd(query, start) + 1) {
                found += isNamed(query, start, partEnd(query, start), name) ? 1 : 0;
            }
        }
        return found;
    }

    /** The query without any parameter of the name; the rest stays byte for byte. */
    public static String without(String query, String name) {
        StringBuilder rest = new StringBuilder(query.length());
        for (int start = 0; start <= query.length(); start = partEnd(query, start) + 1) {
            int end = partEnd(query, start);
            if (!isNamed(query, start, end, name)) {
                rest.append(rest.isEmpty() ? "" : "&").append(query, start, end);
            }
        }
        return rest.toString();
    }

    private static int partEnd(String query, int start) {
        int ampersand = query.indexOf('&', start);
        return ampersand < 0 ? query.length() : ampersand;
    }

    private static int equalsSign(String query, int start, int end) {
        int equals = query.indexOf('=', start);
        return equals < 0 || equals > end ? end : equals;
    }

    private static boolean isNamed(String query, int start, int end, String name) {
        int nameEnd = equalsSign(query, start, end);
        if (nameEnd == start && name.isEmpty()) {
            return false;
        }
        if (nameEnd - start == name.length() && query.startsWith(name, start)) {
            return true;
        }
        int escape = query.indexOf('%', start);
        return escape >= 0 && escape < nameEnd && decode(query, start, nameEnd).equals(name);
    }

    private static String decode(String text, int start, int end) {
        int escape = text.indexOf('%', start);
        if (escape < 0 || escape >= end) {
            return text.substring(start, end);
        }
        byte[] source = text.substring(start, end).getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[source.length];
        int size = 0;
        for (int i = 0; i < source.length; i++) {
            int value = source[i] == '%' && i + 2 < source.length ? hex(source, i + 1) : -1;
            bytes[size++] = value < 0 ? source[i] : (byte) value;
            i += value < 0 ? 0 : 2;
        }
        return new String(bytes, 0, size, StandardCharsets.UTF_8);
    }

    private static int hex(byte[] text, int at) {
        int high = Character.digit(text[at], 16);
        int low = Character.digit(text[at + 1], 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
