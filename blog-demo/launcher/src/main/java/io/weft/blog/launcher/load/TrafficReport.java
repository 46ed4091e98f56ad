package io.weft.blog.launcher.load;

import io.weft.blog.launcher.net.HttpAnswer;
import io.weft.blog.launcher.net.HttpConnection;
import io.weft.blog.launcher.net.HttpQuestion;
import io.weft.blog.launcher.net.Target;
import io.weft.blog.launcher.telemetry.PrometheusText;
import io.weft.blog.launcher.telemetry.Sample;
import io.weft.blog.launcher.topology.ProxySpec;
import io.weft.blog.launcher.topology.Topology;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads from the mesh's own metrics where requests went; the load of others is counted, too. */
public final class TrafficReport {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Topology topology;

    public TrafficReport(Topology topology) {
        this.topology = topology;
    }

    /** One row for each caller, service and version that has seen requests. */
    public List<TrafficRow> read() {
        Map<List<String>, long[]> counts = new TreeMap<>(TrafficReport::compare);
        for (ProxySpec proxy : topology.proxies()) {
            for (Sample sample : scrape(proxy)) {
                if (sample.metric().equals("istio_requests_total")
                        && sample.label("reporter").equals("destination")) {
                    long[] count =
                            counts.computeIfAbsent(
                                    List.of(
                                            sample.label("source_workload"),
                                            sample.label("destination_service_name"),
                                            sample.label("destination_version")),
                                    key -> new long[2]);
                    count[0] += Math.round(sample.value());
                    if (sample.label("response_code").startsWith("5")) {
                        count[1] += Math.round(sample.value());
                    }
                }
            }
        }
        return rows(counts);
    }

    private static int compare(List<String> one, List<String> other) {
        return String.join("\u0000", one).compareTo(String.join("\u0000", other));
    }

    private static List<TrafficRow> rows(Map<List<String>, long[]> counts) {
        Map<String, Long> totals = new TreeMap<>();
        counts.forEach(
                (key, count) -> totals.merge(key.get(0) + "→" + key.get(1), count[0], Long::sum));
        List<TrafficRow> rows = new ArrayList<>();
        counts.forEach((key, count) -> {
            long total = totals.getOrDefault(key.get(0) + "→" + key.get(1), 0L);
            rows.add(
                    new TrafficRow(
                            key.get(0),
                            key.get(1),
                            key.get(2),
                            count[0],
                            count[1],
                            total == 0 ? 0 : (double) count[0] / total));
        });
        return rows;
    }

    private static List<Sample> scrape(ProxySpec proxy) {
        try {
            HttpAnswer answer =
                    HttpConnection.once(
                            Target.plain(proxy.metricsPort()),
                            HttpQuestion.get("localhost", "/stats/prometheus"),
                            TIMEOUT);
            return answer.status() == 200 ? PrometheusText.parse(answer.body()) : List.of();
        } catch (IOException e) {
            return List.of(); // it may be restarting; the next picture has it again
        }
    }
}
