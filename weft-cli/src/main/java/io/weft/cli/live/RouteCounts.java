package io.weft.cli.live;

import io.weft.cli.shell.TextTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was told of each route of each service. Thread-safe. */
final class RouteCounts {

    private static final int MAX_ROUTES = 1_000;
    private static final int MAX_LATENCIES = 10_000;

    private final int perSecond;
    private final Map<List<String>, Route> routes = new TreeMap<>(RouteCounts::compare);
    private final Map<String, Integer> inSecond = new HashMap<>();
    private boolean sampled;

    private static final class Route {
        private long requests;
        private long succeeded;
        private long attempts;
        private final List<Long> micros = new ArrayList<>();

        double effective() {
            return (double) succeeded / requests;
        }

        /** Every try before the last one failed, or there would not have been another. */
        double actual() {
            return (double) succeeded / attempts;
        }

        long millis(double quantile) {
            List<Long> sorted = micros.stream().sorted().toList();
            int index = (int) Math.ceil(quantile * sorted.size()) - 1;
            return Math.round(sorted.get(Math.max(0, index)) / 1_000.0);
        }
    }

    /**
     * @param perSecond how many requests a second a proxy tells at most
     */
    RouteCounts(int perSecond) {
        this.perSecond = perSecond;
    }

    private static int compare(List<String> one, List<String> other) {
        int services = one.get(1).compareTo(other.get(1));
        return services != 0 ? services : one.get(0).compareTo(other.get(0));
    }

    synchronized void add(Fate fate) {
        String name = fate.text("route");
        List<String> key =
                List.of(name.isEmpty() ? "[DEFAULT]" : name, Fate.printable(fate.service()));
        String second = fate.instance() + " " + fate.line().path("at").asString("").split("\\.")[0];
        sampled |= inSecond.merge(second, 1, Integer::sum) >= perSecond;
        if (routes.size() >= MAX_ROUTES && !routes.containsKey(key)) {
            return;
        }
        Route route = routes.computeIfAbsent(key, k -> new Route());
        route.requests++;
        route.succeeded += fate.succeeded() ? 1 : 0;
        route.attempts += fate.attempts();
        if (route.micros.size() < MAX_LATENCIES) {
            route.micros.add(fate.micros());
        }
    }

    synchronized boolean isEmpty() {
        return routes.isEmpty();
    }

    /** Whether a proxy told as many as it may, so that there may have been more. */
    synchronized boolean isSampled() {
        return sampled;
    }

    /**
     * A table.
     *
     * @param second title of the second column
     * @param both effective and actual numbers
     */
    synchronized List<String> lines(String second, double seconds, boolean both) {
        List<String> titles = new ArrayList<>(List.of("ROUTE", second));
        titles.addAll(
                both
                        ? List.of(
                                "EFFECTIVE_SUCCESS",
                                "EFFECTIVE_RPS",
                                "ACTUAL_SUCCESS",
                                "ACTUAL_RPS")
                        : List.of("SUCCESS", "RPS"));
        titles.addAll(List.of("LATENCY_P50", "LATENCY_P95", "LATENCY_P99"));
        TextTable table = new TextTable(titles.toArray(String[]::new));
        routes.forEach((key, route) -> {
            List<Object> cells = new ArrayList<>(key);
            cells.add(Signals.percent(route.effective()));
            cells.add(Signals.rps(route.requests / seconds));
            if (both) {
                cells.add(Signals.percent(route.actual()));
                cells.add(Signals.rps(route.attempts / seconds));
            }
            for (double quantile : List.of(0.5, 0.95, 0.99)) {
                cells.add(route.millis(quantile) + "ms");
            }
            table.row(cells.toArray());
        });
        return table.lines();
    }

    /** Under the names of Linkerd's JSON. */
    synchronized List<Map<String, @Nullable Object>> values(double seconds, boolean both) {
        List<Map<String, @Nullable Object>> values = new ArrayList<>();
        routes.forEach((key, route) -> {
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            value.put("route", key.getFirst());
            value.put("authority", key.getLast());
            if (both) {
                value.put("effective_success", route.effective());
                value.put("effective_rps", route.requests / seconds);
                value.put("actual_success", route.actual());
                value.put("actual_rps", route.attempts / seconds);
            } else {
                value.put("success", route.effective());
                value.put("rps", route.requests / seconds);
            }
            value.put("latency_ms_p50", route.millis(0.5));
            value.put("latency_ms_p95", route.millis(0.95));
            value.put("latency_ms_p99", route.millis(0.99));
            values.add(value);
        });
        return values;
    }
}
