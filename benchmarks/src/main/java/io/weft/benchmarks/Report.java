package io.weft.benchmarks;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.weft.benchmarks.proxy.ProxyKind;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Results for people, as one table, or for programs, as JSON lines. */
final class Report {

    private static final String DIRECT = "direct";
    private static final String PLAIN = "-plain";
    private static final String FULL = "-full";

    /** The sidecar without its telemetry. */
    static final String SILENT = "weft-silent";

    private static final int MEGABYTE = 1024 * 1024;

    private final JsonMapper json =
            JsonMapper.builder()
                    .changeDefaultPropertyInclusion(
                            value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();
    private final CompareOptions options;
    private final PrintStream out;

    /** Of the plain scenarios so far, by scenario and proxy. */
    private final Map<String, Result> plain = new HashMap<>();

    Report(CompareOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /** Where, of what, and what is missing. */
    void head(Machine machine, String command, List<ProxyKind> present, List<ProxyKind> absent) {
        Map<String, String> versions = new LinkedHashMap<>();
        present.forEach(kind -> versions.put(kind.name(), kind.version()));
        Map<String, String> skipped = new LinkedHashMap<>();
        absent.forEach(kind -> skipped.put(kind.name(), kind.absence()));
        if (options.json()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("machine", machine);
            line.put("command", command);
            line.put("proxies", versions);
            line.put("skipped", skipped);
            out.println(json.writeValueAsString(line));
            return;
        }
        out.printf(
                "%s, %d processors, %s, %s, Java %s%ncommit %s, load %s before, %s%n",
                machine.processor(),
                machine.processors(),
                machine.memory(),
                machine.kernel(),
                machine.java().strip(),
                machine.commit(),
                machine.load(),
                command);
        versions.forEach((name, version) -> out.printf("  %s %s%n", name, version));
        skipped.forEach((name, why) -> out.printf("  %s left out: %s%n", name, why));
    }

    /** One scenario, when it is done. */
    void scenario(List<Result> results) {
        results.stream()
                .filter(result -> result.scenario().endsWith(PLAIN))
                .forEach(result -> plain.put(result.scenario() + " " + result.proxy(), result));
        if (options.json()) {
            results.forEach(result -> out.println(json.writeValueAsString(line(result, results))));
        } else {
            table(results);
        }
        out.flush();
    }

    private Map<String, Object> line(Result result, List<Result> all) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("scenario", result.scenario());
        line.put("proxy", result.proxy());
        boolean direct = result.proxy().equals(DIRECT);
        if (!direct) {
            line.put("cpuMicrosPerRequest", round(result.cpu()));
            line.put("cpuMicrosPerRequestRounds", rounded(result.cpuMicros()));
            line.put("cpuMicrosPerRequestAtRate", round(Result.median(result.cpuMicrosAtRate())));
        }
        line.put("requestsPerSecond", Math.round(Result.median(result.requestsPerSecond())));
        line.put("rate", options.rate());
        line.put("p50Micros", round(result.micros(50)));
        line.put("p99Micros", round(result.micros(99)));
        line.put("p999Micros", round(result.micros(99.9)));
        line.put("errors", result.errors());
        if (!direct) {
            line.put("rss", result.residentBytes());
            line.put("rssOfOne", result.residentBytesOfOne());
            Map<String, Double> ratios = new LinkedHashMap<>();
            for (Result other : result.siblings(all)) {
                if (other.proxy().equals(DIRECT)) {
                    line.put("addedP99Micros", round(result.micros(99) - other.micros(99)));
                } else {
                    ratios.put(other.proxy(), round(result.ratioTo(other)));
                }
            }
            line.put("ratioTo", ratios);
            Double toPlain = toPlain(result);
            if (toPlain != null) {
                line.put("ratioToPlain", round(toPlain));
            }
        }
        line.put("busyElsewhere", round(result.busyElsewhere()));
        return line;
    }

    private void table(List<Result> results) {
        out.printf(
                Locale.ROOT,
                "%n%-20s %10s %9s %9s %9s %9s %9s %8s %8s %7s%n",
                results.getFirst().scenario(),
                "µs/request",
                "req/s",
                "at " + options.rate() + "/s",
                "p50 µs",
                "p99 µs",
                "p99.9 µs",
                "MiB",
                "weft/it",
                "errors");
        Result weft =
                results.stream().filter(r -> r.proxy().equals("weft")).findFirst().orElse(null);
        for (Result result : results) {
            boolean direct = result.proxy().equals(DIRECT);
            out.printf(
                    Locale.ROOT,
                    "  %-18s %10s %9.0f %9s %9.0f %9.0f %9.0f %8s %8s %7d%n",
                    result.proxy(),
                    direct ? "" : number(result.cpu()),
                    Result.median(result.requestsPerSecond()),
                    direct ? "" : number(Result.median(result.cpuMicrosAtRate())),
                    result.micros(50),
                    result.micros(99),
                    result.micros(99.9),
                    direct ? "" : number(result.residentBytes() / (double) MEGABYTE),
                    direct || weft == null || weft == result
                            ? ""
                            : "%.2f".formatted(weft.ratioTo(result)),
                    result.errors());
        }
        Double toPlain = weft == null ? null : toPlain(weft);
        if (toPlain != null) {
            out.printf(Locale.ROOT, "  weft's full set is %.2f of its plain one%n", toPlain);
        }
        Result silent =
                results.stream().filter(r -> r.proxy().equals(SILENT)).findFirst().orElse(null);
        if (weft != null && silent != null) {
            out.printf(
                    Locale.ROOT,
                    "  weft's telemetry adds %.1f %% to a request's processor time%n",
                    (weft.ratioTo(silent) - 1) * 100);
        }
        double busy = results.stream().mapToDouble(Result::busyElsewhere).max().orElse(0);
        if (busy > 0.1) {
            out.printf(
                    Locale.ROOT,
                    "  (up to %.1f processors were busy with other work; trust ratios only)%n",
                    busy);
        }
    }

    /** Of the full set, to the same proxy's plain forwarding; null where that was not measured. */
    private @Nullable Double toPlain(Result result) {
        if (!result.scenario().endsWith(FULL)) {
            return null;
        }
        Result bare = plain.get(result.scenario().replace(FULL, PLAIN) + " " + result.proxy());
        return bare == null || bare.cpu() == 0 ? null : result.ratioTo(bare);
    }

    private static String number(double value) {
        return "%.1f".formatted(value);
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    private static double[] rounded(double[] values) {
        return java.util.Arrays.stream(values).map(Report::round).toArray();
    }
}
