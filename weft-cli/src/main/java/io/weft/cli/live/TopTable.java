package io.weft.cli.live;

import io.weft.cli.shell.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Requests that are alike, counted. Thread-safe. */
final class TopTable {

    /** Paths that callers invent must not fill the memory. */
    private static final int MAX_ROWS = 1_000;

    private static final int SHOWN = 40;

    private final boolean byRoute;
    private final boolean hideSources;
    private final Map<List<String>, Row> rows = new HashMap<>();

    private static final class Row {
        private long count;
        private long succeeded;
        private long best = Long.MAX_VALUE;
        private long worst;
        private long last;
    }

    TopTable(boolean byRoute, boolean hideSources) {
        this.byRoute = byRoute;
        this.hideSources = hideSources;
    }

    synchronized void add(Fate fate) {
        List<String> key = new ArrayList<>();
        if (!hideSources) {
            key.add(fate.source());
        }
        key.add(fate.destination());
        if (byRoute) {
            String route = fate.text("route");
            key.add(route.isEmpty() ? "[DEFAULT]" : route);
        } else {
            key.add(fate.text("method"));
            key.add(fate.text("path"));
        }
        if (rows.size() >= MAX_ROWS && !rows.containsKey(key)) {
            return;
        }
        Row row = rows.computeIfAbsent(key, k -> new Row());
        row.count++;
        row.succeeded += fate.succeeded() ? 1 : 0;
        row.best = Math.min(row.best, fate.micros());
        row.worst = Math.max(row.worst, fate.micros());
        row.last = fate.micros();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        if (!hideSources) {
            names.add("Source");
        }
        names.add("Destination");
        names.addAll(byRoute ? List.of("Route") : List.of("Method", "Path"));
        return names;
    }

    private List<Map.Entry<List<String>, Row>> sorted() {
        return rows.entrySet().stream()
                .sorted(
                        Comparator.<Map.Entry<List<String>, Row>>comparingLong(
                                        each -> -each.getValue().count)
                                .thenComparing(each -> String.join(" ", each.getKey())))
                .limit(SHOWN)
                .toList();
    }

    /** Those that come most often, first. */
    synchronized List<String> lines() {
        List<String> titles = names();
        titles.addAll(List.of("Count", "Best", "Worst", "Last", "Success Rate"));
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (var each : sorted()) {
            Row row = each.getValue();
            List<Object> cells = new ArrayList<>(each.getKey());
            cells.add(row.count);
            cells.add(Fate.duration(row.best));
            cells.add(Fate.duration(row.worst));
            cells.add(Fate.duration(row.last));
            cells.add(Signals.percent((double) row.succeeded / row.count));
            table.row(cells.toArray());
        }
        return table.lines();
    }

    synchronized List<Map<String, Object>> values() {
        List<String> names = names();
        List<Map<String, Object>> values = new ArrayList<>();
        for (var each : sorted()) {
            Row row = each.getValue();
            Map<String, Object> value = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                value.put(names.get(i).toLowerCase(java.util.Locale.ROOT), each.getKey().get(i));
            }
            value.put("count", row.count);
            value.put("best_us", row.best);
            value.put("worst_us", row.worst);
            value.put("last_us", row.last);
            value.put("success", (double) row.succeeded / row.count);
            values.add(value);
        }
        return values;
    }
}
