package io.weft.cli.live;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Golden signals as Linkerd prints them; {@code -} and null where there was no traffic.
 *
 * @param numbers as {@code /api/v1/loads} tells them, missing for no traffic
 * @param seconds over which they were summed
 */
record Signals(JsonNode numbers, int seconds) {

    static final List<String> TITLES =
            List.of("SUCCESS", "RPS", "LATENCY_P50", "LATENCY_P95", "LATENCY_P99", "TCP_CONN");
    static final List<String> WIDE = List.of("READ_BYTES/SEC", "WRITE_BYTES/SEC");

    private long requests() {
        return numbers.path("requests").asLong(0);
    }

    /** From 0 to 1; null without traffic. */
    @Nullable Double success() {
        if (requests() == 0) {
            return null;
        }
        long failed = numbers.path("errors").asLong(0) + numbers.path("denied").asLong(0);
        return (double) (requests() - failed) / requests();
    }

    List<String> cells(boolean wide) {
        List<String> cells = new ArrayList<>();
        Double success = success();
        if (success == null) {
            cells.addAll(List.of("-", "-", "-", "-", "-", "-"));
        } else {
            cells.add(percent(success));
            cells.add(rps(numbers.path("rate").asDouble(0)));
            for (String quantile : List.of("p50", "p95", "p99")) {
                cells.add(Math.round(numbers.path(quantile).asDouble(0)) + "ms");
            }
            cells.add(Long.toString(numbers.path("opened").asLong(0)));
        }
        if (wide) {
            cells.add(String.format(Locale.ROOT, "%.1fB/s", perSecond("received")));
            cells.add(String.format(Locale.ROOT, "%.1fB/s", perSecond("sent")));
        }
        return cells;
    }

    /** Under the names of Linkerd's JSON. */
    Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        boolean some = requests() > 0;
        values.put("success", success());
        values.put("rps", some ? numbers.path("rate").asDouble(0) : null);
        for (String quantile : List.of("p50", "p95", "p99")) {
            values.put(
                    "latency_ms_" + quantile,
                    some ? Math.round(numbers.path(quantile).asDouble(0)) : null);
        }
        if (some) {
            values.put("tcp_open_connections", numbers.path("opened").asLong(0));
            values.put("tcp_read_bytes_rate", perSecond("received"));
            values.put("tcp_write_bytes_rate", perSecond("sent"));
        }
        return values;
    }

    private double perSecond(String name) {
        return numbers.path(name).asDouble(0) / seconds;
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }

    static String rps(double rate) {
        return String.format(Locale.ROOT, "%.1frps", rate);
    }
}
