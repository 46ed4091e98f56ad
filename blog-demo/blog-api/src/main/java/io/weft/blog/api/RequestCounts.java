package io.weft.blog.api;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many requests arrived below each path: {@code /api/v1/articles/7} counts for {@code /api},
 * {@code /api/v1} and {@code /api/v1/articles}, at most three segments deep. Safe for use by many
 * threads.
 */
final class RequestCounts {

    private static final int DEPTH = 3;

    private final TreeMap<String, Long> counts = new TreeMap<>();

    synchronized void count(String path) {
        int end = 0;
        for (int depth = 0; depth < DEPTH && end < path.length(); depth++) {
            int next = path.indexOf('/', end + 1);
            end = next < 0 ? path.length() : next;
            counts.merge(path.substring(0, end), 1L, Long::sum);
        }
    }

    synchronized Map<String, Long> byPrefix() {
        return new TreeMap<>(counts);
    }

    synchronized void clear() {
        counts.clear();
    }
}
