package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.control.ControlPlaneOption;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.StructuredText;
import io.weft.cli.shell.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Golden signals of what comes in at workloads, services or pods; with Linkerd's columns. */
@Command(
        name = "stat",
        description = "Tell the golden signals: success, rate, latency.",
        mixinStandardHelpOptions = true)
public final class StatCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "RESOURCE",
            description =
                    "deploy, svc or pods; with a name, as svc/NAME or svc NAME, only that one"
                            + " (default: deploy).")
    private List<String> resource = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            description = "Only of this namespace (default: all).")
    private String namespace = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Of all namespaces.")
    private boolean allNamespaces;

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
        StatSubject subject = StatSubject.parse(resource);
        String within = allNamespaces ? "" : namespace;
        ControlPlane control = controlPlane.reader();
        List<StatSubject.Row> rows = subject.rows(control, within);
        if (rows.isEmpty() && !subject.name().isEmpty()) {
            throw new CommandProblem(
                    ExitCodes.BAD_DATA,
                    String.join(" ", resource)
                            + ": no such "
                            + subject.kind().word()
                            + " (expected: one that weft stat "
                            + subject.kind().word()
                            + " lists)");
        }
        JsonNode loads =
                control.get(
                        "/api/v1/loads?seconds="
                                + window.seconds()
                                + "&namespace="
                                + ControlPlane.encoded(within)
                                + "&by="
                                + subject.kind().by());
        PrintWriter out = spec.commandLine().getOut();
        if (format == LiveFormat.JSON) {
            out.println(StructuredText.json(values(rows, loads)));
        } else if (rows.isEmpty()) {
            spec.commandLine().getErr().println("No traffic found.");
        } else {
            print(out, subject, rows, loads, within.isEmpty());
        }
        return ExitCodes.OK;
    }

    private List<Map<String, @Nullable Object>> values(List<StatSubject.Row> rows, JsonNode loads) {
        List<Map<String, @Nullable Object>> values = new ArrayList<>();
        for (StatSubject.Row row : rows) {
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            value.put("namespace", row.namespace());
            value.put("kind", row.kind());
            value.put("name", row.name());
            value.put("meshed", row.meshed());
            value.putAll(new Signals(loads.path(row.key()), window.seconds()).values());
            values.add(value);
        }
        return values;
    }

    private void print(
            PrintWriter out,
            StatSubject subject,
            List<StatSubject.Row> rows,
            JsonNode loads,
            boolean everywhere) {
        boolean wide = format == LiveFormat.WIDE;
        boolean pods = subject.kind() == StatSubject.Kind.PODS;
        List<String> titles = new ArrayList<>();
        if (everywhere) {
            titles.add("NAMESPACE");
        }
        titles.add("NAME");
        if (pods) {
            titles.add("STATUS");
        }
        titles.add("MESHED");
        titles.addAll(Signals.TITLES);
        if (wide) {
            titles.addAll(Signals.WIDE);
        }
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (StatSubject.Row row : rows) {
            List<Object> cells = new ArrayList<>();
            if (everywhere) {
                cells.add(row.namespace());
            }
            cells.add(row.name());
            if (pods) {
                cells.add(row.status());
            }
            cells.add(row.meshed());
            cells.addAll(new Signals(loads.path(row.key()), window.seconds()).cells(wide));
            table.row(cells.toArray());
        }
        table.lines().forEach(out::println);
    }
}
