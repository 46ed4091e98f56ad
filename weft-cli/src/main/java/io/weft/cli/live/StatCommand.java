package io.weft.cli.live;

import io.weft.cli.control.ControlPlane;
import io.weft.cli.shell.CommandProblem;
import io.weft.cli.shell.ExitCodes;
import io.weft.cli.shell.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Golden signals of what comes in at workloads, services or pods; with Linkerd's columns. */
@Command(
        name = "stat",
        description = "Tell the golden signals: success, rate, latency.",
        mixinStandardHelpOptions = true)
public final class StatCommand extends LiveTable {

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

    @Override
    Traffic traffic(ControlPlane control, int seconds, LiveFormat asked) {
        StatSubject subject = StatSubject.parse(resource);
        String within = allNamespaces ? "" : namespace;
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
                                + seconds
                                + "&namespace="
                                + ControlPlane.encoded(within)
                                + "&by="
                                + subject.kind().by());
        return new Traffic() {
            @Override
            public Object values() {
                return StatCommand.values(rows, loads, seconds);
            }

            @Override
            public @Nullable TextTable table(boolean wide) {
                return rows.isEmpty()
                        ? null
                        : StatCommand.table(subject, rows, loads, seconds, within.isEmpty(), wide);
            }
        };
    }

    @Override
    String nothing() {
        return "No traffic found.";
    }

    private static List<Map<String, @Nullable Object>> values(
            List<StatSubject.Row> rows, JsonNode loads, int seconds) {
        List<Map<String, @Nullable Object>> values = new ArrayList<>();
        for (StatSubject.Row row : rows) {
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            value.put("namespace", row.namespace());
            value.put("kind", row.kind());
            value.put("name", row.name());
            value.put("meshed", row.meshed());
            value.putAll(new Signals(loads.path(row.key()), seconds).values());
            values.add(value);
        }
        return values;
    }

    private static TextTable table(
            StatSubject subject,
            List<StatSubject.Row> rows,
            JsonNode loads,
            int seconds,
            boolean everywhere,
            boolean wide) {
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
            cells.addAll(new Signals(loads.path(row.key()), seconds).cells(wide));
            table.row(cells.toArray());
        }
        return table;
    }
}
