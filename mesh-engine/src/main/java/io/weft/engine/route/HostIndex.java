package io.weft.engine.route;

import io.weft.engine.AsciiCase;
import io.weft.engine.match.Authorities;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the most specific domain of an authority: exact, the longest {@code *suffix}, the longest
 * {@code prefix*}, {@code *}. A star stands for at least one character. Case, port and a trailing
 * dot of the authority do not count.
 */
final class HostIndex<T> {

    private final Map<String, T> exact;
    private final Map<String, T> suffixes;
    private final int[] suffixLengths;
    private final Map<String, T> prefixes;
    private final int[] prefixLengths;
    private final @Nullable T any;

    private HostIndex(Builder<T> builder) {
        exact = Map.copyOf(builder.exact);
        suffixes = Map.copyOf(builder.suffixes);
        suffixLengths = lengths(suffixes);
        prefixes = Map.copyOf(builder.prefixes);
        prefixLengths = lengths(prefixes);
        any = builder.any;
    }

    private static int[] lengths(Map<String, ?> keys) {
        TreeSet<Integer> lengths = new TreeSet<>(Comparator.reverseOrder());
        keys.keySet().forEach(key -> lengths.add(key.length()));
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    @Nullable T find(String authority) {
        if (exact.isEmpty() && suffixLengths.length == 0 && prefixLengths.length == 0) {
            return any;
        }
        String host = AsciiCase.lower(Authorities.host(authority));
        T found = exact.get(host);
        if (found != null) {
            return found;
        }
        for (int length : suffixLengths) {
            if (length < host.length()) {
                found = suffixes.get(host.substring(host.length() - length));
                if (found != null) {
                    return found;
                }
            }
        }
        for (int length : prefixLengths) {
            if (length < host.length()) {
                found = prefixes.get(host.substring(0, length));
                if (found != null) {
                    return found;
                }
            }
        }
        return any;
    }

    /** Collects domains; the first of equal ones stays. */
    static final class Builder<T> {
        private final Map<String, T> exact = new HashMap<>();
        private final Map<String, T> suffixes = new HashMap<>();
        private final Map<String, T> prefixes = new HashMap<>();
        private @Nullable T any;

        void add(String domain, T value) {
            String key = AsciiCase.lower(domain);
            if (key.equals("*")) {
                any = any == null ? value : any;
            } else if (key.startsWith("*")) {
                suffixes.putIfAbsent(key.substring(1), value);
            } else if (key.endsWith("*")) {
                prefixes.putIfAbsent(key.substring(0, key.length() - 1), value);
            } else {
                exact.putIfAbsent(Authorities.host(key), value);
            }
        }

        HostIndex<T> build() {
            return new HostIndex<>(this);
        }
    }
}
