package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Golden signals of what comes in at each workload; with Linkerd's columns. */
@Command(
        name = "stat",
        description = "Tell the golden signals of workloads: success, rate, latency.",
        mixinStandardHelpOptions = true)
public final class StatCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "RESOURCE",
            description = "deploy/NAME for one workload; all when left out.")
    private String resource = "";

    @Option(
            names = {"-n", "--namespace"},
            description = "Only workloads of this namespace.")
    private String namespace = "";

    @Option(
            names = {"-o", "--output"},
            description = "table, wide or json (default: ${DEFAULT-VALUE}).",
            defaultValue = "table")
    private LiveFormat format = LiveFormat.TABLE;

    @Mixin private final LiveWindow window = new LiveWindow();

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        ControlPlane client = controlPlane.reader();
        String only = LiveResource.workload(resource);
        Map<String, int[]> instances = instances(client.workloads(), only);
        if (instances.isEmpty() && !only.isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    resource + ": no such workload (expected: one of weft proxy-status)");
        }
        JsonNode loads = client.loads(window.seconds(), namespace);
        PrintWriter out = spec.commandLine().getOut();
        if (format == LiveFormat.JSON) {
            out.println(loads.toPrettyString());
            return ExitCodes.OK;
        }
        print(out, instances, loads);
        return ExitCodes.OK;
    }

    /** Instances by {@code namespace/workload}: connected ones, and all. */
    private Map<String, int[]> instances(JsonNode workloads, String only) {
        Map<String, int[]> found = new TreeMap<>();
        for (JsonNode each : workloads) {
            String name = each.path("workload").asString("");
            String in = each.path("namespace").asString("");
            if ((namespace.isEmpty() || namespace.equals(in))
                    && (only.isEmpty() || only.equals(name))) {
                int[] counts = found.computeIfAbsent(in + "/" + name, k -> new int[2]);
                counts[0] += each.path("connected").asBoolean(false) ? 1 : 0;
                counts[1]++;
            }
        }
        return found;
    }

    private void print(PrintWriter out, Map<String, int[]> instances, JsonNode loads) {
        List<String> titles = new ArrayList<>();
        if (namespace.isEmpty()) {
            titles.add("NAMESPACE");
        }
        titles.addAll(
                List.of(
                        "NAME",
                        "MESHED",
                        "SUCCESS",
                        "RPS",
                        "LATENCY_P50",
                        "LATENCY_P95",
                        "LATENCY_P99",
                        "TCP_CONN"));
        if (format == LiveFormat.WIDE) {
            titles.addAll(List.of("READ_BYTES/SEC", "WRITE_BYTES/SEC"));
        }
        TextTable table = new TextTable(titles.toArray(String[]::new));
        instances.forEach((key, counts) -> {
            String[] names = key.split("/", 2);
            List<Object> row = new ArrayList<>();
            if (namespace.isEmpty()) {
                row.add(names[0]);
            }
            row.add(names[1]);
            row.add(counts[0] + "/" + counts[1]);
            signals(row, loads.path(key));
            table.row(row.toArray());
        });
        table.lines().forEach(out::println);
    }

    private void signals(List<Object> row, JsonNode numbers) {
        long requests = numbers.path("requests").asLong(0);
        if (requests == 0) {
            row.addAll(List.of("-", "-", "-", "-", "-", "-"));
        } else {
            long failed = numbers.path("errors").asLong(0) + numbers.path("denied").asLong(0);
            row.add(String.format(Locale.ROOT, "%.2f%%", 100.0 * (requests - failed) / requests));
            row.add(String.format(Locale.ROOT, "%.1frps", numbers.path("rate").asDouble(0)));
            for (String quantile : List.of("p50", "p95", "p99")) {
                row.add(Math.round(numbers.path(quantile).asDouble(0)) + "ms");
            }
            row.add(numbers.path("opened").asLong(0));
        }
        if (format == LiveFormat.WIDE) {
            row.add(perSecond(numbers, "received"));
            row.add(perSecond(numbers, "sent"));
        }
    }

    private String perSecond(JsonNode numbers, String name) {
        double bytes = numbers.path(name).asDouble(0) / window.seconds();
        return String.format(Locale.ROOT, "%.1fB/s", bytes);
    }
}
